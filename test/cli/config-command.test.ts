import { describe, expect, test } from '@jest/globals';
import { MINIMAL } from '../config/support.ts';
import { runCli } from './support.ts';

const WRONG = { env: { ...MINIMAL, PORT: 'x', IDENTITY_SECRET: 'short' } };

describe('config check', () => {
  test('exits 0 without faults', async () => {
    expect(await runCli(['config', 'check'], { env: MINIMAL })).toMatchObject({
      code: 0,
      stdout: 'No faults.\n',
      stderr: '',
    });
    expect((await runCli(['config', 'check'])).stdout).toContain('demo mode');
  });

  test('exits 2 with every fault on stderr', async () => {
    const { code, stdout, stderr } = await runCli(['config', 'check'], WRONG);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.split('\n').map((line) => line.split(':')[0])).toEqual(['PORT', 'IDENTITY_SECRET', '']);
  });

  test('--json prints them as data', async () => {
    const { code, stdout, stderr } = await runCli(['config', 'check', '--json'], WRONG);
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      faults: [{ where: 'PORT' }, { where: 'IDENTITY_SECRET' }],
    });
    const fine = await runCli(['config', 'check', '--json'], { env: MINIMAL });
    expect(JSON.parse(fine.stdout)).toEqual({ ok: true, demo: false });
  });

  test('looks at the file and flags it is given', async () => {
    const given = { env: MINIMAL, files: { 'x.yaml': 'intens: {}' } };
    const { code, stderr } = await runCli(['config', 'check', '--config', 'x.yaml', '--port', '-'], given);
    expect(code).toBe(2);
    expect(stderr).toContain('--port: expected a port');
    expect(stderr).toContain('x.yaml:intens (line 1)');
    expect(stderr).toContain('did you mean intents?');
  });

  test('colours on a terminal, not with NO_COLOR', async () => {
    expect((await runCli(['config', 'check'], { ...WRONG, tty: true })).stderr).toContain('\u001b[');
    const env = { ...WRONG.env, NO_COLOR: '1' };
    expect((await runCli(['config', 'check'], { env, tty: true })).stderr).not.toContain('\u001b[');
  });

  test('leaves nothing behind in demo mode', async () => {
    // The loader of the support would answer with a path if the command asked it for the demo's secret.
    const { stdout } = await runCli(['config', 'print']);
    expect(stdout).toMatch(/^identity\.secret +•••• \(32 bytes\) +demo$/m);
  });
});

describe('config print', () => {
  test('shows settings with their sources, and notes on stderr', async () => {
    const { TWILIO_API_KEY_SID, ...env } = MINIMAL;
    const given = { env: { ...env, TWILIO_API_KEY: TWILIO_API_KEY_SID }, tty: false };
    const { code, stdout, stderr } = await runCli(['config', 'print', '--port', '8080'], given);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^listen\.port +8080 +flag --port$/m);
    expect(stdout).toMatch(
      /^services\.default\.apiKey\.secret +•••• \(27 bytes\) +environment TWILIO_API_KEY_SECRET$/m,
    );
    expect(stderr).toBe('note: TWILIO_API_KEY is read as TWILIO_API_KEY_SID; that name is the better one.\n');
    for (const secret of [MINIMAL['TWILIO_API_KEY_SECRET'], MINIMAL['IDENTITY_SECRET']]) {
      expect(stdout).not.toContain(secret);
    }
  });

  test('--json', async () => {
    const { stdout } = await runCli(['config', 'print', '--json'], { env: MINIMAL });
    expect(JSON.parse(stdout)).toMatchObject({
      ok: true,
      demo: false,
      settings: { 'listen.port': { value: 3000, source: 'default' } },
    });
  });
});
