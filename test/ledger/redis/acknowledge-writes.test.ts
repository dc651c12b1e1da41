import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { untilYes } from '../../support/ask-redis.ts';
import { openTestRedisLedger } from '../../support/redis-ledger.ts';
import { type RedisServer, startRedisServer } from '../../support/redis-server.ts';
import { identityOf } from '../contract/builders.ts';
import { LedgerCase } from '../contract/ledger-case.ts';
import { replayedMint } from '../contract/replay.ts';

// What is answered as lasting waits for replicas, where it is told to: not mints alone.

const AT = '2026-11-20T09:00:00Z';

/** Every call whose answer promises something. */
const WRITES: [string, (c: LedgerCase) => Promise<unknown>][] = [
  ['admit', (c) => c.admit('ann', AT)],
  ['join', (c) => c.ledger.join(c.service, { ...joining, at: Date.parse(AT) })],
  ['record', (c) => c.see('cleo', 'messaged', AT)],
  ['replay', (c) => c.ledger.replay(c.service, [replayedMint('dan', AT, { number: 1 })])],
  ['change', (c) => c.setBudget('2026-11', { scopes: { all: 5 } })],
  ['adopt', (c) => c.ledger.adopt(c.service, { ...adoption, at: Date.parse(AT) })],
];
const joining = { identity: identityOf('bob'), signal: 'joined', className: 'unknown' } as const;
const adoption = { guest: identityOf('g_eve'), member: identityOf('eve') };

let primary: RedisServer;
let ledger: Ledger;

beforeAll(async () => {
  primary = await startRedisServer();
  const connection = { kind: 'single' as const, url: primary.url };
  ledger = await openTestRedisLedger(connection, { waitReplicas: 1, deadlineMs: 1_200 });
});
afterAll(async () => {
  await ledger.close();
  await primary.stop();
});

describe('with one replica to wait for', () => {
  test.each(WRITES)('%s is not acknowledged while there is none', async (_name, write) => {
    await expect(write(new LedgerCase({ ledger }))).rejects.toThrow('only 0 of 1 replicas');
  });

  test('all are once it is there', async () => {
    const replica = await startRedisServer({ args: ['--replicaof', primary.host, String(primary.port)] });
    try {
      const c = new LedgerCase({ ledger });
      // A link that is up is not at once one that acknowledges.
      for (const [name, write] of WRITES) await untilYes(name, () => write(c).then(() => true));
      expect((await c.people('2026-11')).map(({ identity }) => identity).sort()).toEqual([
        ...['ann', 'bob', 'cleo', 'dan'],
      ]);
    } finally {
      await replica.stop();
    }
  });
});
