import { readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { systemClock } from '../../src/system-clock.ts';
import { REPOSITORY } from '../config/support.ts';
import { freshFolder, gatewayEnv, startDoctorTwilio } from '../doctor/doctor-kit.ts';
import { runCli } from './support.ts';

const never: typeof fetch = () => {
  throw new Error('fetched');
};

/** Every secret that a gateway of these tests has, each unlike any other text. */
const SECRETS = {
  TWILIO_API_KEY_SECRET: 'zq-signing-secret-zq',
  TWILIO_PREVIOUS_API_KEY_SECRET: 'zq-previous-secret-zq',
  TWILIO_REST_API_KEY_SECRET: 'zq-rest-secret-zq',
  TWILIO_AUTH_TOKEN: 'zqauthtokenzqauthtokenzqauthtoke',
  TWILIO_PREVIOUS_AUTH_TOKEN: 'zqotherauthtokenzqotherauthtoken',
  IDENTITY_SECRET: 'zq-identity-secret-of-the-tests-zq',
  COOKIE_SECRET: 'zq-cookie-secret-of-the-tests-zq-zq',
  REDIS_URL: 'redis://app:zq-redis%40password-zq@127.0.0.1:1',
  OPS_OIDC_CLIENT_SECRET: 'zq-oidc-secret-zq',
};
const REST = {
  TWILIO_PREVIOUS_API_KEY_SID: `SK${'6'.repeat(32)}`,
  TWILIO_REST_API_KEY_SID: `SK${'5'.repeat(32)}`,
  OPS_OIDC_ISSUER: 'http://127.0.0.1:1',
  OPS_OIDC_CLIENT_ID: 'gateway',
};

const yaml = 'ops: { oidc: { roles: { viewer: [v], finance: [f], admin: [a] } } }';

afterEach(() => {
  jest.restoreAllMocks();
});

describe('doctor', () => {
  test('exits 0 without errors, 3 with them, and 3 for warnings when strict', async () => {
    // While the prices that it ships with are not due to be read again.
    jest.spyOn(systemClock, 'now').mockReturnValue(Date.parse('2026-11-20T21:00:00Z'));
    const fresh = { env: { LEDGER_PATH: join(freshFolder(), 'ledger.db') } };
    const demo = await runCli(['doctor', '--offline'], fresh);
    expect(demo).toMatchObject({ code: 0, stderr: '' });
    expect(demo.stdout).toContain('✔ Configuration');
    expect(demo.stdout).toMatch(/0 errors, 0 warnings, \d+ fine, \d+ skipped\n$/);

    const twilio = await startDoctorTwilio();
    const env = gatewayEnv({ TWILIO_REST_URL: twilio.url });
    const failing = await runCli(['doctor'], { env });
    expect(failing.code).toBe(3);
    await twilio.close();
    const noted = { env: gatewayEnv({ MAU_BUDGET_MODE: 'block' }) };
    expect((await runCli(['doctor', '--offline'], noted)).code).toBe(0);
    expect((await runCli(['doctor', '--offline', '--strict'], noted)).code).toBe(3);
  });

  test('says of each problem why it matters and what to do; the mark says it without colour', async () => {
    const { stdout } = await runCli(['doctor'], { env: gatewayEnv(), fetch: never });
    expect(stdout).toMatch(/^✖ Signing key {2,}There was no answer from Twilio\.$/m);
    expect(stdout).toMatch(
      /^✖ Signing key: .*\n {2}why {2}.+\n {2}fix {2}.+\n {2}more docs\/doctor\.md#signing-key$/m,
    );
    expect(stdout).not.toContain('\u001b[');
    const tty = await runCli(['doctor', '--offline'], { env: gatewayEnv(), tty: true });
    expect(tty.stdout).toContain('\u001b[32m✔');
    const plain = await runCli(['doctor', '--offline'], { env: gatewayEnv({ NO_COLOR: '1' }), tty: true });
    expect(plain.stdout).not.toContain('\u001b[');
  });

  test('--json prints every check as data', async () => {
    const { code, stdout, stderr } = await runCli(['doctor', '--offline', '--json'], { env: gatewayEnv() });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { ok, checks } = JSON.parse(stdout) as { ok: boolean; checks: Record<string, unknown>[] };
    expect(ok).toBe(true);
    expect(checks.length).toBeGreaterThan(20);
    for (const check of checks) {
      expect(check).toEqual({
        ...{ id: expect.any(String), name: expect.any(String), docs: `docs/doctor.md#${check['id']}` },
        ...{ status: expect.stringMatching(/^(ok|warn|error|skip)$/), detail: expect.any(String) },
        durationMs: expect.any(Number),
        about: check['about'] === null ? null : expect.any(String),
        why: check['status'] === 'warn' ? expect.any(String) : null,
        fix: check['status'] === 'warn' ? expect.any(String) : null,
      });
    }
  });

  test('tells every fault of the configuration, exits 3 and looks no further', async () => {
    const env = {
      ...gatewayEnv(),
      TWILIO_API_KEY_SID: 'Zq9Zq9Zq9Zq9Zq9Zq9Zq9Zq9Zq9Zq9Zq',
      TWILIO_API_KEY_SECRET: `SK${'2'.repeat(32)}`,
    };
    const { code, stdout } = await runCli(['doctor'], { env, fetch: never });
    expect(code).toBe(3);
    expect(stdout).toContain('were the key SID and its secret swapped?');
    expect(stdout).toMatch(/^✖ Configuration {2,}2 faults$/m);
    expect(stdout).toMatch(
      /^✖ Configuration: 2 faults\n {7}TWILIO_API_KEY_SID: .*\n {7}TWILIO_API_KEY_SECRET: .*\n {2}why {2}/m,
    );
    expect(stdout).not.toContain('Zq9Zq9');
    expect(stdout).not.toContain('Signing key');
  });

  test('says that an Auth Token was pasted as secret', async () => {
    const { stdout } = await runCli(['doctor', '--offline'], {
      env: gatewayEnv({ TWILIO_API_KEY_SECRET: 'd'.repeat(32) }),
    });
    expect(stdout).toMatch(/^! Configuration notes: .*looks like an Auth Token/m);
    expect(stdout).not.toContain('d'.repeat(32));
  });

  test('has a paragraph in docs/doctor.md for every check', async () => {
    const docs = readFileSync(join(REPOSITORY, 'docs/doctor.md'), 'utf8');
    const env = gatewayEnv({ ...SECRETS, ...REST });
    const { stdout } = await runCli(['doctor', '--offline', '--json'], { env, yaml });
    const { checks } = JSON.parse(stdout) as { checks: { id: string }[] };
    const ids = new Set(checks.map(({ id }) => id));
    expect(ids.size).toBeGreaterThan(30);
    for (const id of ids) expect(docs).toContain(`\n### ${id}\n`);
    for (const [, heading] of docs.matchAll(/^### (.+)$/gm)) expect(ids).toContain(heading);
  });
});

describe('secrets', () => {
  test.each([['doctor'], ['doctor', '--json']])('are never printed by %s %s', async (...args) => {
    const env = gatewayEnv({ ...SECRETS, ...REST });
    const leaky: typeof fetch = () => Promise.reject(new Error(`refused ${SECRETS.TWILIO_AUTH_TOKEN}`));
    const { stdout, stderr } = await runCli(args, { env, yaml, fetch: leaky });
    expect(stdout).toContain('ECONNREFUSED');
    expect(`${stdout}${stderr}`).not.toMatch(/zq/i);
  });
});

describe('--offline', () => {
  beforeEach(() => {
    jest.spyOn(Socket.prototype, 'connect').mockImplementation(() => {
      throw new Error('connected');
    });
  });

  test('opens no connection', async () => {
    const env = gatewayEnv({ ...SECRETS, ...REST, PUBLIC_URL: 'https://chat.example.com' });
    const { stdout } = await runCli(['doctor', '--offline', '--json'], { env, yaml, fetch: never });
    expect(jest.mocked(Socket.prototype.connect)).not.toHaveBeenCalled();
    const { checks } = JSON.parse(stdout) as { checks: { id: string; status: string; detail: string }[] };
    expect(checks.filter(({ status }) => status === 'error')).toEqual([]);
    for (const id of ['redis', 'ledger', 'signing-key', 'public-url', 'issuer', 'operator-issuer']) {
      expect(checks.find((check) => check.id === id)).toMatchObject({ status: 'skip', detail: 'offline' });
    }
  });

  test('without it, it does', async () => {
    await runCli(['doctor', '--json'], { env: gatewayEnv(), fetch: never });
    expect(jest.mocked(Socket.prototype.connect)).toHaveBeenCalled();
  });
});
