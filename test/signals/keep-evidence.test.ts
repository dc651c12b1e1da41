import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { GatewayError } from '../../src/domain/gateway-error.ts';
import { DEFAULT_SERVICE, parseServiceName } from '../../src/domain/service-name.ts';
import { bucketOf } from '../../src/ledger/buckets.ts';
import { createJournalKeeper } from '../../src/ledger/journal/keep-journal.ts';
import { openLedgerJournal } from '../../src/ledger/journal/open-ledger-journal.ts';
import type { JournalEvent, JournalKeeper } from '../../src/ledger/journal/ports.ts';
import type { EvidenceLedger, Ledger } from '../../src/ledger/ledger.ts';
import { createServiceKeys } from '../../src/ledger/redis/keys.ts';
import { createEvidenceKeeper } from '../../src/signals/keep-evidence.ts';
import type { RecordEvidence } from '../../src/signals/ports.ts';
import { conversationSid, evidenceOf, identityOf, monthNamed } from '../ledger/contract/builders.ts';
import { settableClock } from '../support/clock.ts';
import { openTestRedisLedger } from '../support/redis-ledger.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { timeAwake } from '../support/time-awake.ts';

const AT = '2026-11-20T09:00:00Z';
const NOVEMBER = monthNamed('2026-11');
const SHOP = parseServiceName('shop')!;
const BYTES_MAX = 1024 * 1024;

let redis: RedisServer;
let ledger: Ledger;
let folder: string;
let kept: JournalKeeper | null;
let events: JournalEvent[];
/** Calls of the ledger that were made for a sender of evidence. */
let asked: number;
let prefixes = 0;

beforeAll(async () => {
  redis = await startRedisServer();
});
afterAll(() => redis.stop());

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mau-guard-keep-'));
  prefixes += 1;
  ledger = await openTestRedisLedger(
    { kind: 'single', url: redis.url },
    { keyPrefix: `k${prefixes}`, deadlineMs: 1_000 },
  );
  // The first call loads the script, for which evidence does not wait long enough on a busy machine.
  await ledger.record(parseServiceName('warm')!, [evidenceOf('ann', 'connected', AT)]);
});
afterEach(async () => {
  redis.resume();
  await kept?.stop();
  await ledger.close();
  rmSync(folder, { recursive: true, force: true });
});

function keep({ journal = true, bytesMax = BYTES_MAX, broken = {} } = {}): { record: RecordEvidence } {
  events = [];
  kept = journal
    ? createJournalKeeper({
        ledger,
        journal: { ...openLedgerJournal({ path: join(folder, 'journal'), bytesMax }), ...broken },
        sleep: (ms, signal) => pause(ms, undefined, { signal }).catch(() => {}),
        onEvent: (event) => events.push(event),
      })
    : null;
  const clock = settableClock(Date.parse('2026-11-20T10:00:00Z'));
  asked = 0;
  const counted: EvidenceLedger = {
    record(...call) {
      asked += 1;
      return ledger.record(...call);
    },
  };
  return { record: createEvidenceKeeper({ ledger: counted, journal: kept, clock, onDataLoss() {} }) };
}

const kinds = () => events.map(({ kind }) => kind);

async function countOf(service = DEFAULT_SERVICE): Promise<number> {
  return (await ledger.totals(service, NOVEMBER)).all;
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const giveUpAt = performance.now() + 10_000;
  while (!(await condition())) {
    if (performance.now() > giveUpAt) throw new Error('it does not happen');
    await pause(20);
  }
}

/** Within the second that every sender of evidence is promised; test machines are busy. */
async function promptly(work: () => Promise<void>): Promise<PromiseSettledResult<void>> {
  const { result, awakeMs } = await timeAwake(() => Promise.allSettled([work()]));
  expect(awakeMs).toBeLessThan(1_500);
  return result[0];
}

describe('evidence', () => {
  test('goes to the ledger, and leaves the journal alone', async () => {
    await keep().record(DEFAULT_SERVICE, [evidenceOf('ann', 'connected', AT)]);
    expect(await countOf()).toBe(1);
    expect(events).toEqual([]);
  });

  test('of one turn is written together, each service apart', async () => {
    const { record } = keep();
    const people = Array.from({ length: 150 }, (_, number) => `person-${number}`);
    await Promise.all([
      ...people.map((name) => record(DEFAULT_SERVICE, [evidenceOf(name, 'connected', AT)])),
      record(SHOP, [evidenceOf('ann', 'connected', AT), evidenceOf('bob', 'connected', AT)]),
    ]);
    expect([await countOf(), await countOf(SHOP)]).toEqual([150, 2]);
  });

  test('goes with its marks, and marks alone are kept as well', async () => {
    const { record } = keep({ journal: false });
    const mark = { kind: 'message', index: 0, author: null, at: Date.parse(AT) } as const;
    await Promise.all([
      record(
        DEFAULT_SERVICE,
        [evidenceOf('ann', 'messaged', AT)],
        [{ ...mark, conversation: conversationSid(1) }],
      ),
      record(DEFAULT_SERVICE, [], [{ ...mark, conversation: conversationSid(2) }]),
      record(DEFAULT_SERVICE, []),
    ]);
    expect(await ledger.totals(DEFAULT_SERVICE, NOVEMBER)).toMatchObject({ all: 1, conversations: 2 });
  });

  test('is refused in time when the ledger hangs and there is no journal', async () => {
    const { record } = keep({ journal: false });
    redis.pause();
    const result = await promptly(() => record(DEFAULT_SERVICE, [evidenceOf('ann', 'connected', AT)]));
    expect(result).toMatchObject({ status: 'rejected', reason: { code: 'ledger-unavailable' } });
    expect((result as PromiseRejectedResult).reason).toBeInstanceOf(GatewayError);
  });
});

describe('while the ledger hangs', () => {
  test('evidence goes to the journal in time, and to the ledger when it answers again', async () => {
    const { record } = keep();
    redis.pause();
    const { status } = await promptly(() => record(DEFAULT_SERVICE, [evidenceOf('ann', 'joined', AT)]));
    expect([status, asked]).toEqual(['fulfilled', 1]);
    expect(kinds()).toContain('appended');
    await until(() => kinds().includes('waiting'));
    // The ledger is not asked any more: nobody waits for its deadline.
    const askedBefore = asked;
    const people = Array.from({ length: 300 }, (_, number) => `person-${number}`);
    await Promise.all(people.map((name) => record(DEFAULT_SERVICE, [evidenceOf(name, 'messaged', AT)])));
    expect(asked).toBe(askedBefore);

    redis.resume();
    await until(() => kinds().includes('replayed') && events.at(-1)!.bytes < 100);
    expect(await countOf()).toBe(301);
    expect(kinds().filter((kind) => kind === 'waiting')).toHaveLength(1);
    const replayed = events.flatMap((event) => (event.kind === 'replayed' ? [event.entries] : []));
    expect(replayed.reduce((sum, entries) => sum + entries, 0)).toBe(301);

    await record(DEFAULT_SERVICE, [evidenceOf('bob', 'joined', AT)]);
    expect(await countOf()).toBe(302);
    expect(kinds().filter((kind) => kind === 'appended')).toHaveLength(301);
  });

  test('marks wait in the journal beside their evidence', async () => {
    const { record } = keep();
    const [ann, conversation, at] = [identityOf('ann'), conversationSid(1), Date.parse(AT)];
    redis.pause();
    await record(
      SHOP,
      [evidenceOf('ann', 'joined', AT)],
      [
        { kind: 'member', conversation, identity: ann, lastRead: null, at },
        { kind: 'message', conversation, index: 2, author: null, at },
      ],
    );
    expect(kinds()).toContain('appended');
    redis.resume();
    await until(() => kinds().includes('replayed'));
    expect(await ledger.unread(SHOP, ann)).toMatchObject({
      conversations: [{ sid: conversation, unread: 3 }],
    });
    expect(await ledger.totals(SHOP, NOVEMBER)).toMatchObject({ all: 1, conversations: 1 });
  });

  test('a full journal refuses, and what was acknowledged is not lost', async () => {
    const { record } = keep({ bytesMax: 400 });
    redis.pause();
    const people = ['ann', 'bob', 'cleo', 'dora', 'eve', 'finn', 'gus', 'hana'];
    const results = await Promise.allSettled(
      people.map((name) => record(DEFAULT_SERVICE, [evidenceOf(name, 'read', AT)])),
    );
    const taken = results.filter(({ status }) => status === 'fulfilled').length;
    expect(taken).toBeGreaterThan(0);
    expect(taken).toBeLessThan(people.length);
    expect(results.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'ledger-unavailable' },
    });
    expect(kinds().filter((kind) => kind === 'refused')).toHaveLength(people.length - taken);
    redis.resume();
    await until(async () => (await countOf()) >= taken);
  });

  test('a journal that cannot be emptied afterwards keeps nothing from the ledger', async () => {
    const { record } = keep({ broken: { settle: () => Promise.reject(new Error('EIO')) } });
    redis.pause();
    await record(DEFAULT_SERVICE, [evidenceOf('ann', 'left', AT)]);
    await until(() => kinds().includes('waiting'));
    redis.resume();
    await until(async () => (await countOf()) === 1);
    await record(DEFAULT_SERVICE, [evidenceOf('bob', 'left', AT)]);
    expect(await countOf()).toBe(2);
    expect(events).toMatchObject([
      { kind: 'appended' },
      { kind: 'waiting', service: DEFAULT_SERVICE },
      { kind: 'waiting', service: null },
    ]);
  });

  test('what a process could not bring, the next one brings', async () => {
    redis.pause();
    const first = keep();
    await first.record(DEFAULT_SERVICE, [evidenceOf('ann', 'left', AT)]);
    await kept!.stop();
    redis.resume();
    // The first process may have been in the middle of a call that Redis still took: repeating does no harm.
    keep();
    kept!.start();
    await until(() => kinds().includes('replayed'));
    expect(await countOf()).toBe(1);
    expect((await ledger.totals(DEFAULT_SERVICE, NOVEMBER)).masks).toHaveLength(1);
  });
});

describe('somebody whose record cannot be read', () => {
  const keyOf = (identity: string) =>
    createServiceKeys(`k${prefixes}`, DEFAULT_SERVICE).people(NOVEMBER, bucketOf(identityOf(identity)));

  test('keeps nobody else from being counted, and is set aside', async () => {
    const { record } = keep();
    await record(DEFAULT_SERVICE, [evidenceOf('bad', 'connected', AT)]);
    const admin = new Redis(redis.url);
    try {
      await admin.hset(keyOf('bad'), 'bad', Buffer.alloc(10));
      await record(DEFAULT_SERVICE, [evidenceOf('bad', 'messaged', AT)]);
      await until(() => kinds().includes('waiting'));
      // Through the journal, too, since nothing has shown that the ledger takes anything.
      await record(DEFAULT_SERVICE, [evidenceOf('ann', 'messaged', AT)]);
      await until(() => kinds().includes('set-aside') && events.at(-1)!.bytes < 100);
    } finally {
      admin.disconnect();
    }
    expect(await countOf()).toBe(2);
    expect(events.filter(({ kind }) => kind === 'set-aside')).toMatchObject([{ entries: 1 }]);
    expect(readFileSync(join(folder, 'journal.aside'), 'utf8')).toContain('"bad"');
    expect(kept!.isWaiting(DEFAULT_SERVICE)).toBe(false);
  });

  test('keeps no mint behind theirs from being told, also where nothing but mints is waiting', async () => {
    const { record } = keep();
    await record(DEFAULT_SERVICE, [evidenceOf('bad', 'connected', AT)]);
    const admin = new Redis(redis.url);
    const issuedAt = Date.parse(AT) / 1_000;
    const mint = (person: string) => {
      const identity = identityOf(person);
      return kept!.appendMint(DEFAULT_SERVICE, {
        ...{
          identity,
          own: identity,
          className: 'member',
          tenant: null,
          intent: 'open_chat',
          rule: 'open-chat',
        },
        ...{ firstSeen: issuedAt, issuedAt, expiresAt: issuedAt + 3_600, otherMonth: null },
      });
    };
    try {
      await admin.hset(keyOf('bad'), 'bad', Buffer.alloc(10));
      await Promise.all([mint('bad'), mint('ann'), mint('bad')]);
      await until(() => kinds().includes('set-aside') && events.at(-1)!.bytes < 100);
    } finally {
      admin.disconnect();
    }
    const { items } = await ledger.mints(DEFAULT_SERVICE, NOVEMBER, { after: null, limit: 10 });
    expect(items.map(({ identity }) => identity)).toEqual(['ann']);
    const aside = events.flatMap((event) => (event.kind === 'set-aside' ? [event.entries] : []));
    expect(aside).toEqual([1, 1]);
  });
});
