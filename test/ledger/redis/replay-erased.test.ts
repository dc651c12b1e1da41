import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openTestRedisLedger } from '../../support/redis-ledger.ts';
import { type RedisServer, startRedisServer } from '../../support/redis-server.ts';
import { seconds } from '../contract/builders.ts';
import { LedgerCase } from '../contract/ledger-case.ts';
import { replayedMint } from '../contract/replay.ts';

// Not in the contract: the embedded ledger belongs to one process, which gives out nothing without it.

let server: RedisServer;
let c: LedgerCase;

beforeAll(async () => {
  server = await startRedisServer();
  c = new LedgerCase({ ledger: await openTestRedisLedger({ kind: 'single', url: server.url }) });
});
afterAll(async () => {
  await c.ledger.close();
  await server.stop();
});

test('somebody who was erased since does not come back: the mint is counted under the pseudonym', async () => {
  await c.admit('ann', '2026-10-05T10:00:00Z');
  await c.admit('bob', '2026-10-05T10:00:00Z');
  await c.erase('ann', 'erased-1', '2026-10-05T12:00:00Z');
  await c.ledger.replay(c.service, [
    replayedMint('bob', '2026-10-05T11:00:00Z', { number: 1 }),
    replayedMint('ann', '2026-10-05T11:30:00Z', { number: 2 }),
    replayedMint('ann', '2026-10-05T11:40:00Z'),
  ]);
  expect((await c.people('2026-10')).map(({ identity }) => identity).sort()).toEqual(['bob', 'erased-1']);
  expect(await c.person('erased-1', '2026-10')).toMatchObject({
    ...{ mints: 3, lastSeen: seconds('2026-10-05T11:40:00Z') },
  });
  expect(JSON.stringify(await c.mints('2026-10'))).not.toContain('ann');
  // Whoever comes back after an erasure is somebody new.
  await c.ledger.replay(c.service, [replayedMint('ann', '2026-10-06T10:00:00Z', { number: 3 })]);
  expect(await c.person('ann', '2026-10')).toMatchObject({ mints: 1 });
});
