// Only Redis holds forms that somebody else could have written over, or a version that is not there any more.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { GatewayError } from '../../../../src/domain/gateway-error.ts';
import type { Identity } from '../../../../src/domain/identity.ts';
import type { Month } from '../../../../src/domain/month.ts';
import { bucketOf, bucketOfConversation } from '../../../../src/ledger/buckets.ts';
import { createServiceKeys, type ServiceKeys } from '../../../../src/ledger/redis/keys.ts';
import { conversationSid, evidenceOf, monthNamed, raiseOf } from '../../contract/builders.ts';
import { LedgerCase } from '../../contract/ledger-case.ts';
import { untilAnswered } from '../gateway-case.ts';
import { RUNS, recordIn, usePackingStore } from './packing-kit.ts';

const MONTH: Month = monthNamed('2026-11');
const AT = '2026-11-20T09:00:00Z';

const store = usePackingStore();

const keysOf = (c: LedgerCase): ServiceKeys => createServiceKeys('mg', c.service);

/** How somebody or something else changed some bytes: cut off, made longer, or one byte made another. */
type Damage = { kind: 'cut' | 'longer' | 'other'; at: number; byte: number };
const damages: fc.Arbitrary<Damage> = fc.record({
  kind: fc.constantFrom('cut' as const, 'longer' as const, 'other' as const),
  ...{ at: fc.nat(400), byte: fc.nat(255) },
});

function damage(bytes: Buffer, { kind, at, byte }: Damage): Buffer {
  const place = at % bytes.length;
  if (kind === 'cut') return bytes.subarray(0, place);
  if (kind === 'longer') return Buffer.concat([bytes, Buffer.alloc(place + 1, byte)]);
  const changed = Buffer.from(bytes);
  changed[place] = byte;
  return changed;
}

/** What was read, or the failure; one that is told names the key. */
async function readOrFail<Read>(key: string, reading: Promise<Read>): Promise<Read | null> {
  try {
    return await reading;
  } catch (error) {
    expect(error).toBeInstanceOf(GatewayError);
    expect(error).toMatchObject({ code: 'internal', message: expect.stringContaining(key) });
    return null;
  }
}

/** Nothing in it is anything but a text, a truth or a whole number. */
function expectSense(value: unknown): void {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return;
  if (typeof value === 'object') Object.values(value).forEach(expectSense);
  else expect([value, Number.isSafeInteger(value)]).toEqual([value, true]);
}

test('a record that is not as it was written is told with its key, and otherwise one in every part', async () => {
  await fc.assert(
    fc.asyncProperty(recordIn(MONTH), damages, async (record, how) => {
      const c = new LedgerCase(store);
      await c.ledger.retention.restorePeople(c.service, MONTH, [record], 'count');
      const key = keysOf(c).people(MONTH, bucketOf(record.identity));
      const bytes = damage((await store.admin.hgetBuffer(key, record.identity)) as Buffer, how);
      await store.admin.hset(key, record.identity, bytes);
      const people = await readOrFail(key, c.people(MONTH));
      const file = await readOrFail(key, c.ledger.identityFile(c.service, record.identity));
      if (how.kind !== 'other') expect([people, file]).toEqual([null, null]);
      expectSense([people, file]);
    }),
    RUNS,
  );
});

test('an entry of the mint log that is not as it was written is told with its key', async () => {
  await fc.assert(
    fc.asyncProperty(damages, fc.integer({ min: 1, max: 5 }), fc.boolean(), async (how, count, isLinked) => {
      const c = new LedgerCase(store);
      if (isLinked) await c.link('person-0', 'somebody-else');
      const people = Array.from({ length: count }, (_, number) => `person-${number}`);
      await Promise.all(people.map((person) => c.admit(person, AT)));
      const log = keysOf(c).mints(MONTH);
      const entries = await store.admin.xrangeBuffer(log, '-', '+');
      const [id, fields] = entries.at(-1)!;
      const bytes = damage(fields[1]!, how);
      const name = id.toString();
      await store.admin.xdel(log, name);
      // An id may not come again.
      const later = `${Number.parseInt(name, 10) + 1}-0`;
      await store.admin.xadd(log, later, 'rows', bytes);
      expectSense(await readOrFail(log, c.mints(MONTH)));
    }),
    RUNS,
  );
});

test('of an entry that was cut off anywhere within a row no row is shown', async () => {
  const c = new LedgerCase(store);
  await c.link('own-identity', 'effective-identity');
  await c.admit('own-identity', AT);
  const log = keysOf(c).mints(MONTH);
  const [[id, fields]] = (await store.admin.xrangeBuffer(log, '-', '+')) as [[Buffer, Buffer[]]];
  for (let length = 1; length < fields[1]!.length; length++) {
    const entry = `${Number.parseInt(id.toString(), 10) + length}-0`;
    await store.admin.del(log);
    await store.admin.xadd(log, entry, 'rows', fields[1]!.subarray(0, length));
    expect([length, await readOrFail(`${log} ${entry}`, c.mints(MONTH))]).toEqual([length, null]);
  }
});

test.each([
  ['a text', 'many'],
  ['nothing', ''],
  ['a part', '1.5'],
  ['too much', '9'.repeat(30)],
])('%s for a counter of a month or a day is told with its key', async (_, value) => {
  for (const field of ['all', 'class:1', 'mask:1:1', 'minted', 'refused:forbidden', 'minted:20']) {
    const c = new LedgerCase(store);
    await c.admit('ann', AT);
    const { totals } = keysOf(c);
    await store.admin.hset(totals(MONTH), field, value);
    expect(await readOrFail(totals(MONTH), c.totals(MONTH))).toBeNull();
    if (field === 'minted:20')
      expect(await readOrFail(totals(MONTH), c.ledger.days(c.service, MONTH))).toBeNull();
  }
  for (const field of ['new:1:9', 'reused', 'refused:forbidden']) {
    const c = new LedgerCase(store);
    await c.admit('ann', AT);
    await store.admin.hset(keysOf(c).day(MONTH, '20'), field, value);
    const [key, said] = [keysOf(c).totals(MONTH), `${field} of day 20`];
    await expect(c.ledger.days(c.service, MONTH)).rejects.toThrow(
      `${key} or a day of it cannot be read: ${said}`,
    );
  }
});

test.each([
  ['another mode', 'perhaps|all=3'],
  ['a limit without a number', 'block|all'],
  ['an empty limit', 'block|all='],
  ['a limit that is no number', 'block|all=many'],
  ['a class that nobody named', 'block|class:9=3'],
  ['a class without a number', 'block|class:x=3'],
  ['thresholds that are no numbers', 'block|all=3|thresholds=50,,100'],
  ['half a spike guard', 'block|all=3|spike=2'],
  ['a scope that there is not', 'block|everything=3'],
])('%s in a budget is told with its key, and never shown as one', async (_, text) => {
  const c = new LedgerCase(store);
  await c.admit('ann', AT);
  const { limits } = keysOf(c);
  await store.admin.hset(limits, 'budget:2026-11', text);
  expect(await readOrFail(limits, c.limits(MONTH))).toBeNull();
  expect(await readOrFail(limits, c.totals(MONTH))).toBeNull();
});

test('a raise that is no JSON is told with its key, without what it says', async () => {
  const c = new LedgerCase(store);
  await c.change({ kind: 'raise', raise: raiseOf('r1', { until: '2026-11-30T00:00:00Z' }) });
  const { limits, raises } = keysOf(c);
  await store.admin.hset(raises, 'r1', '{"by":"kim"');
  const failure = await c.limits(MONTH).catch((error: Error) => error.message);
  expect(failure).toBe(`${limits} cannot be read: raise r1 is no JSON`);
});

test.each([0, 1, 19, 27])(
  'a record of %d bytes, which the script cannot read, fails its mint, and counts nothing for anybody',
  async (length) => {
    const c = new LedgerCase(store);
    await c.admit('bad', AT);
    const before = await c.totals(MONTH);
    const key = keysOf(c).people(MONTH, bucketOf('bad' as Identity));
    await store.admin.hset(key, 'bad', Buffer.alloc(length));
    const later = '2026-11-20T11:00:00Z';
    const asked = ['new', 'bad', 'other'].map((person) => c.admit(person, later));
    for (const answer of await Promise.allSettled(asked)) {
      expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'ledger-unavailable' } });
    }
    expect(await c.totals(MONTH)).toEqual(before);
    expect(await c.mints(MONTH)).toHaveLength(1);
    // By themselves the others are served, at the latest once it is clear that no more than this was lost.
    expect(await untilAnswered(() => c.admit('new', later))).toMatchObject({ outcome: 'new', ordinal: 2 });
  },
);

test.each([
  ['after', ['ann', 'bad']],
  ['before', ['bad', 'ann']],
])(
  'evidence told %s somebody whose record cannot be read is counted once it is told again',
  async (_, told) => {
    const c = new LedgerCase(store);
    await c.admit('bad', AT);
    const key = keysOf(c).people(MONTH, bucketOf('bad' as Identity));
    await store.admin.hset(key, 'bad', Buffer.alloc(10));
    const evidence = told.map((person) => evidenceOf(person, 'messaged', AT));
    await expect(c.ledger.record(c.service, evidence)).rejects.toMatchObject({ code: 'ledger-unavailable' });
    await c.see('ann', 'messaged', AT);
    const { all, masks } = await c.totals(MONTH);
    expect(all).toBe(2);
    expect(masks.reduce((sum, { identities }) => sum + identities, 0)).toBe(2);
  },
);

test.each([0, 3, 4])(
  'a conversation of %d bytes is told anew, counted no second time, and keeps no other from being counted',
  async (length) => {
    const c = new LedgerCase(store);
    const tell = (conversation: string, index: number) => {
      const mark = { kind: 'message', author: null, at: Date.parse(AT) } as const;
      return { ...mark, conversation, index };
    };
    const [bad, good, identity] = [conversationSid(1), conversationSid(2), 'ann' as Identity];
    const joins = {
      kind: 'member',
      conversation: bad,
      identity,
      lastRead: null,
      at: Date.parse(AT),
    } as const;
    await c.ledger.record(c.service, [], [joins, tell(bad, 0)]);
    const key = keysOf(c).conversations(bucketOfConversation(bad));
    await store.admin.hset(key, Buffer.from(bad.slice(2), 'hex'), Buffer.alloc(length));
    await c.ledger.record(c.service, [], [tell(good, 0), tell(bad, 5)]);
    expect(await c.totals(MONTH)).toMatchObject({ conversations: 2 });
    expect(await c.ledger.unread(c.service, identity)).toMatchObject({
      conversations: [{ sid: bad, unread: 6 }],
    });
  },
);

test.each([0, 3, 14])('a membership of %d bytes is an error that names nobody', async (length) => {
  const c = new LedgerCase(store);
  const [conversation, identity] = [conversationSid(1), 'ann' as Identity];
  const mark = { kind: 'member', conversation, identity, lastRead: 1, at: Date.parse(AT) } as const;
  await c.ledger.record(c.service, [], [mark]);
  const key = keysOf(c).member(identity);
  await store.admin.hset(key, Buffer.from(conversation.slice(2), 'hex'), Buffer.alloc(length));
  const failure = await c.ledger.unread(c.service, identity).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(GatewayError);
  expect(String(failure)).not.toContain(identity);
});
