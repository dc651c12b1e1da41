import { describe, expect, test } from '@jest/globals';
import { runCli } from './support.ts';

describe('help', () => {
  test.each([['--help'], ['help'], ['serve', '--help'], ['config', '--help'], ['help', 'keys']])(
    '%s %s',
    async (...args) => {
      const { code, stdout, stderr } = await runCli(args);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout.indexOf('Examples:')).toBe(0);
      expect(stdout).toContain('Usage: mau-guard');
    },
  );

  test('without a command goes to stderr and is a usage fault', async () => {
    const { code, stdout, stderr } = await runCli([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('Usage: mau-guard');
  });

  test('--version', async () => {
    expect(await runCli(['--version'])).toMatchObject({ code: 0, stdout: '1.2.3\n' });
  });
});

describe('wrong use exits 2, with words on stderr only', () => {
  test.each([
    [['srve'], 'Did you mean serve?'],
    [['config', 'chek'], 'Did you mean check?'],
    [['serve', '--prot', '1'], 'Did you mean --port?'],
    [['serve', 'now'], 'too many arguments'],
    [['serve', '--processes', '0'], 'from 1 to 128, or auto'],
    [['serve', '--processes', '1.5'], 'from 1 to 128, or auto'],
    [['serve', '--port'], 'argument missing'],
    [['keys', 'new', '--role', 'owner'], 'viewer, finance, admin'],
    [['keys', 'new', '--name', 'a:b'], 'Letters, digits'],
  ])('%j', async (args, words) => {
    const { code, stdout, stderr, served } = await runCli(args);
    expect({ code, stdout, served }).toEqual({ code: 2, stdout: '', served: [] });
    expect(stderr).toContain(words);
  });
});

describe('serve and demo', () => {
  test('pass on only what was typed', async () => {
    expect((await runCli(['serve'])).served).toEqual([
      { flags: {}, demo: false, acceptNewIdentities: false },
    ]);
    expect((await runCli(['serve', '--processes', '4'])).served).toMatchObject([{ processes: 4 }]);
    expect((await runCli(['demo', '--port', '0'])).served).toEqual([
      { flags: { port: '0' }, demo: true, acceptNewIdentities: false },
    ]);
    const typed = [
      'serve',
      '--port',
      '8080',
      '--host',
      '::1',
      '--config',
      'x.yaml',
      '--accept-new-identities',
    ];
    expect((await runCli(typed)).served).toEqual([
      { flags: { port: '8080', host: '::1', config: 'x.yaml' }, demo: false, acceptNewIdentities: true },
    ]);
  });

  test('exit as the gateway says', async () => {
    expect((await runCli(['serve'], { serve: async () => 2 })).code).toBe(2);
  });

  test('a failure nobody foresaw exits 1', async () => {
    const serve = () => Promise.reject(new Error('the disk is full'));
    expect(await runCli(['serve'], { serve })).toMatchObject({
      code: 1,
      stderr: 'mau-guard: the disk is full\n',
    });
  });
});
