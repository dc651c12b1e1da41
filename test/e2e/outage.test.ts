import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import type { TokenAnswer } from '../../src/contract.ts';
import { type GatewayProcess, startGateway } from '../support/gateway-process.ts';
import { AUDIENCE, type Behaviour, type JwksIssuer, startJwksIssuer } from '../support/jwks-issuer.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { askForToken, expectProblem, monthSummary, tokenFor } from './answers.ts';
import {
  configuredEnv,
  OPS_KEY,
  SHARED,
  SHARED_ISSUER_FILE,
  sharedIssuerFile,
  signShared,
} from './configured.ts';

/** The deadline of a ledger call is 250 ms, and the promise is 300 ms for the answer; test machines are busy. */
const PATIENCE_MS = 1_500;
const RECOVERY_MS = 10_000;

async function timed<Result>(run: () => Promise<Result>): Promise<{ result: Result; ms: number }> {
  const startedAt = performance.now();
  const result = await run();
  return { result, ms: Math.round(performance.now() - startedAt) };
}

/** Asks until there is a token, and answers it; every answer before must be that of the outage. */
async function untilServed(url: string, login: string): Promise<TokenAnswer> {
  const startedAt = performance.now();
  for (;;) {
    const response = await askForToken(url, login);
    if (response.status === 200) return (await response.json()) as TokenAnswer;
    await expectProblem(response, 'ledger-unavailable');
    if (performance.now() - startedAt > RECOVERY_MS) throw new Error('the gateway does not recover');
    await sleep(50);
  }
}

describe('without Redis', () => {
  let redis: RedisServer;
  let gateway: GatewayProcess;
  let known: string;
  let stranger: string;

  beforeEach(async () => {
    redis = await startRedisServer({ appendfsyncAlways: true });
    gateway = await startGateway({
      env: configuredEnv({ [SHARED.variable]: SHARED.secret, REDIS_URL: redis.url }),
      configFile: sharedIssuerFile(250),
    });
    [known, stranger] = await Promise.all([signShared('known'), signShared('stranger')]);
    await untilServed(gateway.url, known);
  });
  afterEach(async () => {
    await gateway.stop();
    await redis.stop();
  });

  /** Everyone is told quickly, in the words of the contract, and nobody gets a token. */
  async function expectOutage(what: string): Promise<void> {
    const logins = [known, stranger, known, stranger];
    const answers = await Promise.all(logins.map((login) => timed(() => askForToken(gateway.url, login))));
    for (const { result, ms } of answers) {
      expect(await expectProblem(result, 'ledger-unavailable')).toMatchObject({ retryable: true });
      expect(Number(result.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
      expect(ms).toBeLessThan(PATIENCE_MS);
    }
    process.stdout.write(`    ${what}: answered after ${answers.map(({ ms }) => ms).join(', ')} ms\n`);

    const summary = await timed(() =>
      fetch(`${gateway.url}/v1/months/current`, { headers: { authorization: `Bearer ${OPS_KEY}` } }),
    );
    await expectProblem(summary.result, 'ledger-unavailable');
    expect(summary.ms).toBeLessThan(PATIENCE_MS);
    const ready = await fetch(`${gateway.url}/readyz?verbose`);
    expect(ready.status).toBe(503);
    expect(await ready.text()).toContain('[-]ledger failed');
    expect((await fetch(`${gateway.url}/livez`)).status).toBe(200);
  }

  test('paused: a black hole that keeps its connections', async () => {
    redis.pause();
    await expectOutage('Redis is paused');
    redis.resume();
    await untilServed(gateway.url, stranger);
    const { identities, mints } = await monthSummary(gateway.url, OPS_KEY);
    expect(identities.total).toBe(2);
    expect(mints.refused).not.toHaveProperty('mau-budget-exhausted');
  });

  test('killed, and back with its log: the known are known still', async () => {
    redis.kill();
    await expectOutage('Redis is gone');
    const { detail } = await expectProblem(await askForToken(gateway.url, known), 'ledger-unavailable');
    expect(String(detail)).not.toMatch(/redis|connect|ECONN|127\.0\.0\.1/i);
    const back = await startRedisServer({ appendfsyncAlways: true, dir: redis.dir, port: redis.port });
    try {
      const { result: served, ms } = await timed(() => untilServed(gateway.url, known));
      process.stdout.write(`    served again ${ms} ms after Redis was back\n`);
      expect(served).toMatchObject({ outcome: 'reused', firstThisMonth: false });
      expect((await untilServed(gateway.url, stranger)).identity).not.toBe(served.identity);
      expect((await monthSummary(gateway.url, OPS_KEY)).identities.total).toBe(2);
      await gateway.stop();
    } finally {
      await back.stop();
    }
    const log = gateway.stdout();
    const failures = log.split('\n').filter((line) => line.includes('"token.failed"'));
    expect(failures.length).toBeGreaterThanOrEqual(5);
    for (const line of failures) {
      expect(JSON.parse(line)).toMatchObject({
        level: 'error',
        code: 'ledger-unavailable',
        outcome: 'failed',
      });
      expect(line).not.toMatch(/"stack"|enableOfflineQueue/);
    }
  });

  test('cut off for a moment: the log says when it was lost and when it was back', async () => {
    const client = new Redis(redis.url);
    try {
      await client.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    } finally {
      client.disconnect();
    }
    await untilServed(gateway.url, stranger);
    await gateway.stop();
    const events = gateway
      .stdout()
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { event: string }).event)
      .filter((event) => event.startsWith('ledger.'))
      // On a busy machine a call may be late, too.
      .filter((event) => event !== 'ledger.outage' && event !== 'ledger.back');
    expect(events).toEqual(['ledger.ready', 'ledger.lost', 'ledger.ready']);
  });
});

describe('without the keys of an issuer', () => {
  const BAD: Behaviour[] = ['hangs', 'cut', 'error', 'huge', 'garbage', 'redirects'];
  /** One for each way to fail, and two that begin well. */
  let issuers: Record<Behaviour | 'leaves' | 'returns', JwksIssuer>;
  let gateway: GatewayProcess;

  beforeAll(async () => {
    const names = [...BAD, 'leaves', 'returns'] as const;
    const started = await Promise.all(names.map(async (name) => [name, await startJwksIssuer()] as const));
    issuers = Object.fromEntries(started) as typeof issuers;
    for (const name of BAD) issuers[name].behaviour = name;
    const entries = started.map(
      ([, { url }]) => `  - { issuer: ${url}, audience: ${AUDIENCE}, timeoutMs: 400 }\n`,
    );
    gateway = await startGateway({
      env: configuredEnv({ [SHARED.variable]: SHARED.secret }),
      configFile: SHARED_ISSUER_FILE.replace('issuers:\n', `issuers:\n${entries.join('')}`),
    });
  });
  afterAll(async () => {
    await gateway.stop();
    await Promise.all(Object.values(issuers).map((issuer) => issuer.stop()));
  });

  async function counted(): Promise<number> {
    const { identities, mints } = await monthSummary(gateway.url, OPS_KEY);
    expect(mints.refused).toEqual({});
    return identities.total;
  }

  test.each(BAD)('%s: its people are asked to come back, the others notice nothing', async (behaviour) => {
    const before = await counted();
    const [ada, grace] = await Promise.all([
      issuers[behaviour].sign('ada'),
      signShared(`grace ${behaviour}`),
    ]);

    const [turnedAway, served] = await Promise.all([
      timed(() => askForToken(gateway.url, ada)),
      timed(() => askForToken(gateway.url, grace)),
    ]);

    const problem = await expectProblem(turnedAway.result, 'identity-provider-unavailable');
    expect(problem).toMatchObject({
      retryable: true,
      detail: expect.not.stringContaining(issuers[behaviour].url),
    });
    expect(Number(turnedAway.result.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(turnedAway.ms).toBeLessThan(400 + PATIENCE_MS);
    expect(served.result.status).toBe(200);
    await served.result.body?.cancel();
    expect(await counted()).toBe(before + 1);
  });

  test('people whose key is known are served on, also with a login that is new', async () => {
    const { leaves: issuer } = issuers;
    const before = await counted();
    const ada = await issuer.sign('ada');
    await tokenFor(gateway.url, ada);
    issuer.behaviour = 'hangs';
    expect((await tokenFor(gateway.url, ada)).outcome).toBe('reused');
    expect((await tokenFor(gateway.url, await issuer.sign('grace'))).outcome).toBe('minted');
    expect(await counted()).toBe(before + 2);
  });

  test('a dead one is asked once in a while, however many people come, and is noticed when it is back', async () => {
    const { returns: issuer } = issuers;
    const before = await counted();
    issuer.behaviour = 'cut';
    const logins = await Promise.all(
      Array.from({ length: 20 }, (_, index) => issuer.sign(`person-${index}`)),
    );
    for (let round = 0; round < 3; round++) {
      const answers = await Promise.all(logins.map((login) => askForToken(gateway.url, login)));
      for (const answer of answers) await expectProblem(answer, 'identity-provider-unavailable');
    }
    expect(issuer.requests.length).toBeLessThanOrEqual(3);

    issuer.behaviour = 'well';
    const startedAt = performance.now();
    while ((await askForToken(gateway.url, logins[0]!)).status !== 200) {
      if (performance.now() - startedAt > RECOVERY_MS) throw new Error('the issuer is not asked again');
      await sleep(100);
    }
    for (const login of logins) await tokenFor(gateway.url, login);
    expect(await counted()).toBe(before + 20);
  });
});

describe('a gateway that is started without Redis', () => {
  test('waits for it a while', async () => {
    const first = await startRedisServer();
    const { port } = first;
    await first.stop();
    const starting = startGateway({
      env: configuredEnv({ [SHARED.variable]: SHARED.secret, REDIS_URL: `redis://127.0.0.1:${port}` }),
      configFile: SHARED_ISSUER_FILE,
    });
    const redis = await startRedisServer({ port });
    const gateway = await starting;
    try {
      expect((await tokenFor(gateway.url, await signShared('ada'))).outcome).toBe('minted');
    } finally {
      await gateway.stop();
      await redis.stop();
    }
  });
});
