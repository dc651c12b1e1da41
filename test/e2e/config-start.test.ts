import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runGateway, startGateway } from '../support/gateway-process.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { monthSummary, tokenFor } from './answers.ts';
import {
  configuredEnv,
  IDENTITY_SECRET,
  OPS_KEY,
  SHARED,
  SHARED_ISSUER_FILE,
  SIGNING,
  signShared,
} from './configured.ts';

const ANOTHER_SECRET = 'another-identity-secret-that-nobody-may-see';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mau-guard-start-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A gateway that lacks nothing. */
function configured(env: Record<string, string> = {}, args: string[] = []) {
  return {
    env: configuredEnv({ [SHARED.variable]: SHARED.secret, ...env }),
    configFile: SHARED_ISSUER_FILE,
    args,
  };
}

const lines = (text: string) => text.trimEnd().split('\n');

/** Asserts that it ended before it began, and said why and nothing else. */
function expectRefusal(
  exit: { code: number | null; stdout: string; stderr: string },
  ...faults: RegExp[]
): void {
  expect(exit.code).toBe(2);
  expect(exit.stdout.split('\n').filter((line) => line !== '' && !line.includes('"ledger.'))).toEqual([]);
  const said = lines(exit.stderr);
  expect(said).toHaveLength(faults.length);
  for (const [index, fault] of faults.entries()) expect(said[index]).toMatch(fault);
  for (const secret of [
    IDENTITY_SECRET,
    ANOTHER_SECRET,
    SIGNING.keySecret,
    SHARED.secret,
    '    at ',
    '.js:',
  ]) {
    expect(exit.stderr).not.toContain(secret);
  }
}

describe('faults of the configuration', () => {
  test('are told all at once, one line each', async () => {
    const exit = await runGateway({
      env: configuredEnv({
        TWILIO_ACCOUNT_SID: SIGNING.keySid,
        IDENTITY_SECRET: 'short',
        PORT: '70000',
        TOKEN_TTL_SECONDS: '30',
        TRUST_PROXY: 'true',
        CORS_ORIGINS: 'https://app.example.com/',
        REDIS_URL: 'localhost:6379',
        MAU_BUDGET_MODE: 'strict',
        TWILIO_API_KEY_SECERT: 'x',
        AUTH_ISSUER: 'http://login.example.com',
      }),
      configFile: 'intents:\n  open_chat: perhaps\nclases: []\n',
    });

    expect(exit.code).toBe(2);
    expect(exit.stdout).toBe('');
    const said = lines(exit.stderr);
    const places = [
      ...[
        'TWILIO_ACCOUNT_SID',
        'IDENTITY_SECRET',
        'PORT',
        'TOKEN_TTL_SECONDS',
        'TRUST_PROXY',
        'CORS_ORIGINS',
      ],
      ...['REDIS_URL', 'MAU_BUDGET_MODE', 'TWILIO_API_KEY_SECERT', 'AUTH_ISSUER', 'AUTH_AUDIENCE'],
      ...['gateway.yaml:intents.open_chat', 'gateway.yaml:clases'],
    ];
    for (const place of places) {
      expect(said.filter((line) => line.startsWith(place) || line.includes(`/${place}`))).toHaveLength(1);
    }
    expect(said).toHaveLength(places.length);
    for (const line of said) expect(line).toMatch(/: expected .+; found .+/);
    expect(exit.stderr).toContain('did you mean TWILIO_API_KEY_SECRET?');
    for (const secret of [SIGNING.keySecret, '"short"']) expect(exit.stderr).not.toContain(secret);
  });

  test('of the command line are told with the usage, exit 2', async () => {
    const exit = await runGateway({ ...configured(), args: ['--prot', '1'] });
    expect(exit).toMatchObject({ code: 2, stdout: '' });
    expect(exit.stderr).toContain('--prot');
  });
});

describe('a port', () => {
  let occupant: Server;
  let port: string;

  beforeAll(async () => {
    occupant = createServer().listen(0, '127.0.0.1');
    await once(occupant, 'listening');
    port = String((occupant.address() as AddressInfo).port);
  });
  afterAll(() => new Promise((closed) => occupant.close(closed)));

  test('that is taken is named, and what is taken already is let go', async () => {
    const path = join(folder, 'port', 'ledger.db');
    const exit = await runGateway(configured({ PORT: port, LEDGER_PATH: path }));
    expectRefusal(
      exit,
      new RegExp(`^PORT: expected a free port on 127\\.0\\.0\\.1; found ${port}: EADDRINUSE`),
    );

    const gateway = await startGateway(configured({ LEDGER_PATH: path }));
    await gateway.stop();
  });

  test('for the metrics that is taken is named too', async () => {
    const exit = await runGateway(configured({ METRICS_PORT: port }));
    expectRefusal(
      exit,
      new RegExp(`^METRICS_PORT: expected a free port on 127\\.0\\.0\\.1; found ${port}: EADDRINUSE`),
    );
  });

  test('of an address that this machine does not have is not the one to blame', async () => {
    const exit = await runGateway(configured({ HOST: '192.0.2.1' }));
    expectRefusal(exit, /^HOST: expected an address of this machine; found 192\.0\.2\.1: EADDRNOTAVAIL/);
  });

  test('of the command line goes before the one of the environment', async () => {
    const gateway = await startGateway(configured({ PORT: port }, ['--port', '0']));
    expect(gateway.url).not.toContain(`:${port}`);
    expect((await fetch(`${gateway.url}/livez`)).status).toBe(200);
    await gateway.stop();
  });
});

describe('the embedded ledger', () => {
  test('is for one gateway at a time; the one that has it notices nothing', async () => {
    const env = { LEDGER_PATH: join(folder, 'shared', 'ledger.db') };
    const first = await startGateway(configured(env));
    try {
      expectRefusal(
        await runGateway(configured(env)),
        /^LEDGER_PATH: expected a ledger file at .+ that this process may use alone; found another gateway uses/,
      );
      // Started twice with the same settings, all of it is said at once.
      const { port } = new URL(first.url);
      const twice = await runGateway(configured({ ...env, PORT: port }));
      expect(twice.code).toBe(2);
      expect(twice.stderr).toMatch(/^LEDGER_PATH: .+another gateway uses/m);
      expect(twice.stderr).toMatch(/^PORT: expected a free port/m);
      expect((await tokenFor(first.url, await signShared('ada'))).outcome).toBe('minted');
    } finally {
      await first.kill();
    }
    const second = await startGateway(configured(env));
    expect((await tokenFor(second.url, await signShared('ada'))).firstThisMonth).toBe(false);
    await second.stop();
  });

  test('that is a folder, or no ledger, is refused', async () => {
    expectRefusal(
      await runGateway(configured({ LEDGER_PATH: folder })),
      /^LEDGER_PATH: expected a ledger file/,
    );
  });
});

describe('another identity secret', () => {
  let redis: RedisServer;

  beforeAll(async () => {
    redis = await startRedisServer();
  });
  afterAll(() => redis.stop());

  test.each([
    ['embedded', () => ({ LEDGER_PATH: join(folder, 'secret', 'ledger.db') })],
    ['redis', () => ({ REDIS_URL: redis.url })],
  ])('is refused by a ledger (%s) that knows the first one, unless it is meant', async (_kind, env) => {
    const login = await signShared('ada');
    const first = await startGateway(configured(env()));
    const before = await tokenFor(first.url, login);
    await first.stop();

    const changed = { ...env(), IDENTITY_SECRET: ANOTHER_SECRET };
    expectRefusal(await runGateway(configured(changed)), /^IDENTITY_SECRET: .+--accept-new-identities/);

    const accepted = await startGateway(configured(changed, ['--accept-new-identities']));
    const after = await tokenFor(accepted.url, login);
    expect(after.identity).not.toBe(before.identity);
    expect((await monthSummary(accepted.url, OPS_KEY)).identities.total).toBe(2);
    await accepted.stop();

    const again = await startGateway(configured(changed));
    expect((await tokenFor(again.url, login)).identity).toBe(after.identity);
    await again.stop();
    expectRefusal(await runGateway(configured(env())), /^IDENTITY_SECRET: /);
  });
});

describe('an end', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    'by %s is orderly: exit code 0, and the log is whole',
    async (signal) => {
      const gateway = await startGateway(configured());
      await tokenFor(gateway.url, await signShared('ada'));
      process.kill(gateway.pid, signal);
      const { code, stdout, stderr } = await gateway.ended;
      const events = lines(stdout).map((line) => (JSON.parse(line) as { event: string }).event);
      expect(events).toEqual(['ledger.begun', 'gateway.started', 'token.minted', 'gateway.stopping']);
      expect({ code, stderr: lines(stderr) }).toEqual({
        code: 0,
        stderr: [expect.stringContaining('listening on')],
      });
    },
  );
});
