import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { askRedis, untilLinked, untilYes } from '../../support/ask-redis.ts';
import { openTestRedisLedger } from '../../support/redis-ledger.ts';
import { type RedisServer, startRedisServer } from '../../support/redis-server.ts';
import { auditOf, monthNamed } from '../contract/builders.ts';
import { LedgerCase } from '../contract/ledger-case.ts';

// Not in the contract: only Redis has replicas. One that hangs still counts as there, with all that it had.

const NOW = Date.parse('2026-11-20T09:00:00Z');
const OCTOBER = monthNamed('2026-10');
const FREEZE = { kind: 'freeze', month: monthNamed('2026-11'), since: '2026-11-20T09:00:00.000Z' } as const;
const CLOSED = { name: 'closed', text: '{"n":1}' };
const idempotency = { key: 'kim key', fingerprint: 'f', answer: '{"id":"ü"}', until: NOW + 60_000 };

let primary: RedisServer;
let replica: RedisServer;
let writer: LedgerCase;
let changes: number;
const ledgers: Ledger[] = [];

/** A gateway whose connection has written nothing yet. */
async function join(waitReplicas = 1): Promise<Ledger> {
  const connection = { kind: 'single' as const, url: primary.url };
  const ledger = await openTestRedisLedger(connection, { waitReplicas, deadlineMs: 1_200 });
  ledgers.push(ledger);
  return ledger;
}

/** Everything that says of an earlier write that it was made. */
const RECALLS: [string, (ledger: Ledger) => Promise<unknown>, answer: unknown][] = [
  [
    'a kept answer',
    (ledger) => ledger.recall(writer.service, idempotency.key, NOW),
    { fingerprint: 'f', answer: idempotency.answer },
  ],
  [
    'a kept answer that another one was faster to keep',
    (ledger) =>
      ledger.change(writer.service, FREEZE, { audit: auditOf('freeze.set'), expected: null, idempotency }),
    { outcome: 'repeated', answer: idempotency.answer },
  ],
  ['a document', (ledger) => ledger.lastingDocument(writer.service, OCTOBER, CLOSED.name), CLOSED.text],
];

beforeAll(async () => {
  primary = await startRedisServer({ args: ['--repl-diskless-sync-delay', '0'] });
  replica = await startRedisServer({ args: ['--replicaof', primary.host, String(primary.port)] });
  await untilLinked(replica.port);
  const ledger = await join();
  writer = new LedgerCase({ ledger });
  await untilYes('the replica acknowledges', () => writer.setBudget('2026-11', {}).then(() => true));
  replica.pause();
  const document = { kind: 'document', month: OCTOBER, document: CLOSED } as const;
  await expect(writer.change(FREEZE, { idempotency })).rejects.toThrow('only 0 of 1 replicas');
  await expect(writer.change(document)).rejects.toThrow('only 0 of 1 replicas');
  changes = (await writer.audit()).length;
});
afterAll(async () => {
  for (const ledger of ledgers) await ledger.close();
  await replica.stop();
  await primary.stop();
});

describe('what only the primary has', () => {
  test.each(RECALLS)('is not told by %s, on any connection', async (_what, recall) => {
    await expect(recall(writer.ledger)).rejects.toThrow('only 0 of 1 replicas');
    await expect(recall(await join())).rejects.toThrow('only 0 of 1 replicas');
  });

  test('keeps nobody waiting who asks for something else', async () => {
    const ledger = await join();
    expect(await ledger.recall(writer.service, 'another key', NOW)).toBeNull();
    expect(await ledger.lastingDocument(writer.service, OCTOBER, 'nothing')).toBeNull();
  });

  test('is told by those who wait for nobody, also while the primary takes no writes', async () => {
    const ledger = await join(0);
    const hold = (replicas: number) =>
      askRedis(primary.port, (client) => client.config('SET', 'min-replicas-to-write', replicas));
    await hold(2);
    try {
      expect(await ledger.recall(writer.service, idempotency.key, NOW)).not.toBeNull();
      expect(await ledger.lastingDocument(writer.service, OCTOBER, CLOSED.name)).toBe(CLOSED.text);
    } finally {
      await hold(0);
    }
  });
});

describe('once the replica has it', () => {
  test.each(RECALLS)('it is told by %s, as it was', async (_what, recall, answer) => {
    replica.resume();
    await untilYes('the replica acknowledges', async () => (await recall(writer.ledger)) !== null);
    expect(await recall(await join())).toEqual(answer);
    expect(await writer.audit()).toHaveLength(changes);
    const ttls = await askRedis(replica.port, async (client) => {
      const keys = await client.keys(`mg:{${writer.service}}:answer:*`);
      return Promise.all(keys.map((key) => client.pttl(key)));
    });
    expect(ttls).toHaveLength(1);
    expect(ttls[0]).toBeGreaterThan(0);
    expect(ttls[0]).toBeLessThanOrEqual(60_000);
  });
});
