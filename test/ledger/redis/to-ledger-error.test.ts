// What a Redis, and the client for it, answer when it is of no use; the embedded ledger has neither.
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { GatewayError } from '../../../src/domain/gateway-error.ts';
import { LedgerUnavailable } from '../../../src/domain/ledger-unavailable.ts';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { toLedgerError } from '../../../src/ledger/redis/connection/to-ledger-error.ts';
import type { RedisLedgerOptions } from '../../../src/ledger/redis/redis-ledger.ts';
import { freePort } from '../../support/free-port.ts';
import { openTestRedisLedger } from '../../support/redis-ledger.ts';
import { type RedisServer, startRedisServer } from '../../support/redis-server.ts';
import { LedgerCase } from '../contract/ledger-case.ts';

const AT = '2026-11-20T12:00:00Z';

let server: RedisServer;
let ledger: Ledger | undefined;

beforeEach(async () => {
  server = await startRedisServer({ args: ['--maxmemory-policy', 'noeviction'] });
});
afterEach(async () => {
  await ledger?.close();
  ledger = undefined;
  await server.stop();
});

async function open(options: Partial<RedisLedgerOptions> = {}): Promise<LedgerCase> {
  ledger = await openTestRedisLedger({ kind: 'single', url: server.url }, { deadlineMs: 500, ...options });
  const asking = new LedgerCase({ ledger });
  await asking.admit('ada', AT).catch(() => {});
  return asking;
}

async function config(name: string, value: string): Promise<void> {
  const client = new Redis(server.url);
  await client.config('SET', name, value);
  client.disconnect();
}

/** What callers that come one after the other are told; the last of them while the circuit is open. */
async function failuresOf(asking: LedgerCase): Promise<unknown[]> {
  const failures: unknown[] = [];
  for (let count = 0; count < 5; count++)
    failures.push(await asking.admit('ada', AT).catch((error) => error));
  return failures;
}

describe('a mint is told what is wrong, also while Redis is not asked', () => {
  const TOLD = { code: 'ledger-unavailable', says: expect.stringMatching(/not an exhausted budget\.$/) };

  test('late, by one that keeps silent', async () => {
    const asking = await open();
    server.pause();
    const failures = await failuresOf(asking);
    server.resume();
    expect(failures[0]).toMatchObject({
      ...TOLD,
      trouble: 'late',
      message: 'redis admit: no answer in time',
    });
  });

  test('unreachable, by one that is gone', async () => {
    const asking = await open();
    server.kill();
    const failures = (await failuresOf(asking)).slice(1);
    for (const failure of failures) expect(failure).toMatchObject({ ...TOLD, trouble: 'unreachable' });
    expect(String(failures[0])).toContain('redis admit: not connected');
    expect(String(failures.at(-1))).toContain('is not asked');
    for (const failure of failures) expect(String(failure)).not.toContain('enableOfflineQueue');
  });

  test('refuses, by one that is full', async () => {
    const asking = await open();
    await config('maxmemory', '1mb');
    const failures = await failuresOf(asking);
    expect(failures[0]).toMatchObject({
      ...TOLD,
      trouble: 'refuses',
      message: 'redis admit: it answers OOM',
    });
    expect(failures.at(-1)).toMatchObject({ trouble: 'refuses' });
  });

  test('few replicas, by one that has none', async () => {
    const asking = await open({ waitReplicas: 1 });
    expect((await failuresOf(asking))[0]).toMatchObject({ ...TOLD, trouble: 'few-replicas' });
  });
});

describe('of what a client throws', () => {
  test.each([
    ["Cluster isn't ready and enableOfflineQueue options is false", 'unreachable'],
    ['Connection is closed.', 'unreachable'],
    ['None of startup nodes is available', 'unreachable'],
    ['Failed to refresh slots cache.', 'unreachable'],
    ['Too many Cluster redirections. Last error: ReplyError: CLUSTERDOWN The cluster is down', 'refuses'],
    ["Socket timeout. Expecting data, but didn't receive any in 1000ms.", 'late'],
  ])('%s is %s', (message, trouble) => {
    expect(toLedgerError('admit', new Error(message))).toMatchObject({ trouble });
  });

  test('a refused connection is known by its code', async () => {
    const cause = Object.assign(new Error('connect'), { code: 'ECONNREFUSED', port: await freePort() });
    expect(toLedgerError('totals', cause)).toMatchObject({
      ...{ trouble: 'unreachable', message: 'redis totals: not connected (ECONNREFUSED)' },
    });
  });

  test.each([
    new TypeError("Cannot read properties of undefined (reading 'READONLY')"),
    Object.assign(new Error('ERR user_script:1: a defect'), { name: 'ReplyError' }),
    'text',
  ])('%s may be a defect: it is kept whole, for the log', (cause) => {
    const failure = toLedgerError('admit', cause);
    expect(failure).not.toBeInstanceOf(LedgerUnavailable);
    expect(failure).toBeInstanceOf(GatewayError);
    expect(failure.cause).toBe(cause);
  });

  test('what is known already stays as it is', () => {
    const failure = new GatewayError('internal', 'a code is missing');
    expect(toLedgerError('admit', failure)).toBe(failure);
  });
});
