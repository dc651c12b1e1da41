import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bitOf } from '../../../src/domain/signal.ts';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { openSqliteLedger } from '../../../src/ledger/sqlite/open-sqlite-ledger.ts';
import { createEvidenceKeeper } from '../../../src/signals/keep-evidence.ts';
import { settableClock } from '../../support/clock.ts';
import { openTestRedisLedger } from '../../support/redis-ledger.ts';
import { type RedisServer, startRedisServer } from '../../support/redis-server.ts';
import { before, freshService, recordApart, sendAll, snapshot, streams } from './shuffled.ts';

let redis: RedisServer;
let ledgers: Record<string, Ledger>;

beforeAll(async () => {
  redis = await startRedisServer();
  ledgers = {
    sqlite: openSqliteLedger({ path: ':memory:' }),
    redis: await openTestRedisLedger({ kind: 'single', url: redis.url }),
  };
});
afterAll(async () => {
  for (const ledger of Object.values(ledgers)) await ledger.close();
  await redis.stop();
});

const clock = settableClock(Date.parse('2026-11-20T10:00:00Z'));
const gathered = (ledger: Ledger) => createEvidenceKeeper({ ledger, journal: null, clock, onDataLoss() {} });

test.each([
  ['sqlite', 200, 'one by one', recordApart],
  ['redis', 60, 'one by one', recordApart],
  // As webhooks are: repeats that are remembered are not brought at all.
  ['sqlite', 30, 'gathered', gathered],
  ['redis', 30, 'gathered', gathered],
])(
  'shuffled, tripled events come to the same ledger as the clean list: %s, %i, %s',
  async (kind, numRuns, _, how) => {
    const ledger = ledgers[kind]!;
    let [counted, waiting, reading] = [0, 0, 0];
    const same = fc.asyncProperty(streams, async ([clean, tripled]) => {
      const [one, other] = [freshService(), freshService()];
      for (const [service, events] of [
        [one, clean],
        [other, tripled],
      ] as const) {
        await sendAll(how(ledger), service, before);
        await sendAll(how(ledger), service, events);
      }
      const expected = await snapshot(ledger, one);
      counted += expected.months.reduce((sum, { all }) => sum + all, 0);
      waiting += expected.unread.filter(({ conversations }) => conversations.length > 0).length;
      reading += expected.months
        .flatMap(({ items }) => items)
        .filter(({ mask }) => mask & bitOf('read')).length;
      expect(await snapshot(ledger, other)).toEqual(expected);
    });
    await fc.assert(same, { numRuns });
    expect(counted).toBeGreaterThan(numRuns);
    expect(waiting).toBeGreaterThan(0);
    expect(reading).toBeGreaterThan(0);
  },
);
