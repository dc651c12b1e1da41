// Only Redis keeps the limits in force beside their texts; the embedded ledger reads them anew each time.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LedgerCase } from '../../contract/ledger-case.ts';
import { usePackingStore } from './packing-kit.ts';

const MONTH = '2026-11';
const AT = '2026-11-20T09:00:00Z';
const FIELD = `in-force:${MONTH}`;

const store = usePackingStore();

const limitsKey = (c: LedgerCase) => `mg:{${c.service}}:limits`;
const keptBytes = async (c: LedgerCase) => (await store.admin.hgetBuffer(limitsKey(c), FIELD)) as Buffer;
const admit = (c: LedgerCase, person: string, at = AT) => c.admit(person, at);

/** Flags of what is kept. */
const [OPEN, BLOCKS, OF_ALL] = [1, 2, 4];

/** What is kept, by the layout in `lua/includes/in_force.lua`. */
async function kept(c: LedgerCase) {
  const bytes = await keptBytes(c);
  let at = 41;
  const texts: Buffer[] = [];
  for (let n = 0; n < 4; n++) {
    const from = at + 1;
    at = from + bytes[at]!;
    texts.push(bytes.subarray(from, at));
  }
  const [epoch, frozen, thresholds, classes] = texts as [Buffer, Buffer, Buffer, Buffer];
  return {
    ...{ version: bytes.readUInt32LE(4), from: bytes.readUInt32LE(8), ends: bytes.readUInt32LE(12) },
    ...{ flags: bytes[16]!, all: bytes.readDoubleLE(17), factor: bytes.readDoubleLE(25) },
    ...{
      epoch: epoch.toString(),
      frozen: frozen.toString(),
      thresholds: [...thresholds],
      classes: [...classes],
    },
    more: at === bytes.length ? null : JSON.parse(bytes.toString('latin1', at)),
  };
}

/** One place, which is taken, and the limits in force are kept. */
async function openFullCase(): Promise<LedgerCase> {
  const c = new LedgerCase(store);
  await c.budget(MONTH, { scopes: { all: 1 } });
  expect(await admit(c, 'ann')).toMatchObject({ outcome: 'new' });
  expect(await admit(c, 'bob')).toMatchObject({ code: 'mau-budget-exhausted', limit: 1 });
  expect(await kept(c)).toMatchObject({ all: 1, flags: BLOCKS + OF_ALL });
  return c;
}

test('whoever changes a budget without knowing of it is heard by the next newcomer', async () => {
  const c = await openFullCase();
  await store.admin
    .multi()
    .hset(limitsKey(c), `budget:${MONTH}`, 'block|all=2')
    .hincrby(limitsKey(c), '#version', 1)
    .exec();
  expect(await admit(c, 'bob')).toMatchObject({ outcome: 'new' });
  expect(await admit(c, 'cleo')).toMatchObject({ code: 'mau-budget-exhausted', limit: 2 });
});

test('limits that are put back as a whole hold at once, also under the version that was there', async () => {
  const c = await openFullCase();
  const version = await store.admin.hget(limitsKey(c), '#version');
  const fields = Object.keys(await store.admin.hgetall(limitsKey(c))).filter(
    (field) => !field.startsWith('#'),
  );
  await store.admin.hdel(limitsKey(c), ...fields);
  await store.admin.hset(limitsKey(c), `configured:${MONTH}`, 'block|all=3', '#version', version!);
  expect(await admit(c, 'bob')).toMatchObject({ outcome: 'new' });
  expect(await admit(c, 'cleo')).toMatchObject({ outcome: 'new' });
  expect(await admit(c, 'dan')).toMatchObject({ limit: 3 });
});

test.each([
  ['codes of another epoch', (bytes: Buffer) => bytes.write('?', 42)],
  ['another version', (bytes: Buffer) => bytes.writeUInt32LE(99, 4)],
  ['a time that is over', (bytes: Buffer) => bytes.writeUInt32LE(1, 12)],
  ['a time to come', (bytes: Buffer) => bytes.writeUInt32LE(2_500_000, 8)],
  ['another length', (bytes: Buffer) => bytes.writeUInt32LE(99, 0)],
])('what was read for %s is read anew', async (_, change) => {
  const c = await openFullCase();
  const right = await keptBytes(c);
  const wrong = Buffer.from(right);
  wrong.writeDoubleLE(9, 17);
  change(wrong);
  await store.admin.hset(limitsKey(c), FIELD, wrong);
  expect(await admit(c, 'bob')).toMatchObject({ limit: 1 });
  expect(await keptBytes(c)).toEqual(right);
});

test('nobody is let in by what was read when it was overwritten, cut off, or copied as text', async () => {
  const c = await openFullCase();
  const right = await keptBytes(c);
  const cut = [...right.keys()].map((length) => right.subarray(0, length));
  for (const wrong of [Buffer.from('null'), Buffer.from(right.toString('utf8')), ...cut]) {
    await store.admin.hset(limitsKey(c), FIELD, wrong);
    expect(await admit(c, 'bob')).toMatchObject({ limit: 1 });
    expect(await keptBytes(c)).toEqual(right);
  }
});

test('a month without limits keeps that there are none, and hears of the first', async () => {
  const c = new LedgerCase(store);
  expect(await admit(c, 'ann')).toMatchObject({ outcome: 'new' });
  expect(await kept(c)).toMatchObject({ flags: OPEN, more: null });
  await c.freeze(MONTH, AT);
  expect(await admit(c, 'bob')).toMatchObject({ code: 'new-identities-frozen' });
  await c.freeze(MONTH, null);
  expect(await admit(c, 'bob')).toMatchObject({ outcome: 'new' });
});

test('holds from where one raise ends to where the next one does', async () => {
  const c = await openFullCase();
  const raise = (id: string, until: string, identities: number) => c.raise(id, { until, identities });
  await raise('one', '2026-11-20T10:00:00Z', 1);
  await raise('two', '2026-11-20T11:00:00Z', 1);
  const hour = (count: number) => ((20 - 1) * 24 + count) * 3600;
  const at = async (instant: string) => {
    const answer = await admit(c, `at-${Date.parse(instant)}`, instant);
    const { from, ends, all } = await kept(c);
    return { answer, from, ends, limit: all };
  };
  expect(await at('2026-11-20T09:30:00Z')).toMatchObject({ from: 0, ends: hour(10), limit: 3 });
  expect(await at('2026-11-20T10:00:00Z')).toMatchObject({ from: hour(10), ends: hour(11), limit: 2 });
  expect(await at('2026-11-20T11:00:00Z')).toMatchObject({
    answer: { limit: 1 },
    ...{ from: hour(11), limit: 1 },
  });
  // A clock behind: what is kept is of a later time.
  expect(await at('2026-11-20T09:59:59Z')).toMatchObject({ from: 0, ends: hour(10), limit: 3 });
});

test('is the same budget to the last digit of a spike guard', async () => {
  const factors = fc.oneof(
    fc.constantFrom(1.000_000_1, 10),
    fc.double({ min: 1.01, max: 1_000, noNaN: true }),
  );
  await fc.assert(
    fc.asyncProperty(factors, async (factor) => {
      const c = new LedgerCase(store);
      await c.budget(MONTH, { spikeGuard: { factor, minimum: 5, mode: 'block' } });
      await admit(c, 'ann');
      expect((await kept(c)).factor).toBe(factor);
    }),
    { numRuns: 30 },
  );
});
