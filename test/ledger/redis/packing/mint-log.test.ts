// Only the ledger on Redis packs rows of the mint log.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Month, monthStartSeconds } from '../../../../src/domain/month.ts';
import type { MintRecord } from '../../../../src/ledger/records.ts';
import { createServiceKeys } from '../../../../src/ledger/redis/keys.ts';
import type { ReplayedMint } from '../../../../src/ledger/replay.ts';
import { LedgerCase } from '../../contract/ledger-case.ts';
import {
  identities,
  months,
  names,
  numberUpTo,
  RUNS,
  secondIn,
  U24_MAX,
  U32_MAX,
  usePackingStore,
} from './packing-kit.ts';

const store = usePackingStore();

const words = { className: names, intent: names, rule: names };
const lives = numberUpTo(U24_MAX - 1).map((life) => life + 1);

test('rows that a mint writes are read as they were asked for', async () => {
  const mint = (month: Month) =>
    fc.record({ ...words, identity: identities, at: secondIn(month), life: lives, tenant: fc.option(names) });
  const cases = months.chain((month) =>
    fc.record({
      month: fc.constant(month),
      mints: fc.uniqueArray(mint(month), {
        ...{ minLength: 1, maxLength: 6, selector: ({ identity }) => identity },
      }),
    }),
  );
  await fc.assert(
    fc.asyncProperty(cases, async ({ month, mints }) => {
      const c = new LedgerCase(store);
      const requests = mints.map(({ at, life, identity, ...asked }) => ({
        ...c.request(identity, '2026-11-20T09:00:00Z', asked),
        life: { issuedAt: at, expiresAt: at + life, month, otherMonth: null },
      }));
      const answers = await Promise.all(requests.map((request) => c.ledger.admit(request)));
      const rows = await c.mints(month, 2);
      for (const [position, answer] of answers.entries()) {
        if (answer.outcome === 'refused') throw new Error('nobody was to be refused');
        const { identity, className, intent, rule, life } = requests[position]!;
        const { issuedAt, expiresAt } = life;
        const row = { ...{ identity, className, intent, rule, issuedAt, expiresAt }, subject: identity };
        expect(rows[answer.ordinal - 1]).toEqual({ ...row, ordinal: answer.ordinal, outcome: 'new' });
      }
      expect(rows).toHaveLength(mints.length);
    }),
    RUNS,
  );
});

/** Rows with gaps between their ordinals, as after years of archives, up to more than four bytes hold. */
function logOf(month: Month): fc.Arbitrary<MintRecord[]> {
  const row = fc.record({
    ...{ ...words, identity: identities, own: fc.option(identities), issuedAt: secondIn(month) },
    ...{ life: numberUpTo(U24_MAX), outcome: fc.constantFrom('new' as const, 'known' as const) },
    step: fc.oneof({ weight: 4, arbitrary: fc.constant(1) }, numberUpTo(1_000)),
  });
  const first = fc.constantFrom(1, 63, 65, U32_MAX - 3, U32_MAX, 2 ** 47);
  return fc.tuple(first, fc.array(row, { minLength: 1, maxLength: 100 })).map(([from, rows]) => {
    let ordinal = from - 1;
    return rows.map(({ life, own, step, ...rest }) => {
      ordinal += Math.max(1, step);
      return { ...rest, ordinal, expiresAt: rest.issuedAt + life, subject: own ?? rest.identity };
    });
  });
}

test('a log that is put back is read as it was, in whatever pages', async () => {
  const cases = months.chain((month) =>
    fc.tuple(fc.constant(month), logOf(month), fc.integer({ min: 1, max: 70 })),
  );
  await fc.assert(
    fc.asyncProperty(cases, async ([month, rows, limit]) => {
      const c = new LedgerCase(store);
      const half = Math.ceil(rows.length / 2);
      await c.ledger.retention.restoreMints(c.service, month, { after: null, rows: rows.slice(0, half) });
      const after = rows[half - 1]!.ordinal;
      if (half < rows.length) {
        await c.ledger.retention.restoreMints(c.service, month, { after, rows: rows.slice(half) });
      }
      await c.ledger.retention.finishMints(c.service, month, rows.at(-1)!.ordinal);
      expect(await c.mints(month, limit)).toEqual(rows);
    }),
    RUNS,
  );
});

test.each([0, 65_535, U24_MAX - 1, U32_MAX - 2])(
  'the mint after %d others is told by its number, when its token is handed out again too',
  async (others) => {
    const c = new LedgerCase(store);
    await store.admin.hset(createServiceKeys('mg', c.service).totals('2026-11' as Month), 'minted', others);
    const at = '2026-11-20T09:00:00Z';
    for (const ordinal of [others + 1, others + 2]) {
      const person = `person-${ordinal}`;
      const answer = await c.admit(person, at);
      expect(answer).toMatchObject({ outcome: 'new', ordinal });
      expect(await c.admit(person, at)).toEqual({ ...answer, outcome: 'reuse' });
    }
    expect((await c.mints('2026-11')).map(({ ordinal }) => ordinal)).toEqual([others + 1, others + 2]);
  },
);

test('replayed mints are read as they were given out, and none of them twice', async () => {
  const mint = (month: Month) =>
    fc.record({
      ...{ ...words, identity: identities, own: fc.option(identities), tenant: fc.option(names) },
      ...{ issuedAt: secondIn(month), firstSeen: secondIn(month), life: numberUpTo(U24_MAX - 1) },
      journal: fc.option(fc.constantFrom('one', 'other', 'ö'.repeat(20))),
    });
  const cases = months.chain((month) =>
    fc.record({
      month: fc.constant(month),
      mints: fc.uniqueArray(mint(month), {
        ...{ minLength: 1, maxLength: 6, selector: ({ identity }) => identity },
      }),
      last: fc.constantFrom(64, 65_536, U32_MAX),
    }),
  );
  await fc.assert(
    fc.asyncProperty(cases, async ({ month, mints, last }) => {
      const c = new LedgerCase(store);
      const told = mints.map(
        ({ own, life, journal, firstSeen, ...mint }, position): ReplayedMint => ({
          ...{ ...mint, own: own ?? mint.identity, expiresAt: mint.issuedAt + life + 1, otherMonth: null },
          firstSeen: Math.min(firstSeen, mint.issuedAt),
          journal: journal === null ? null : { id: journal, number: last - mints.length + position + 1 },
        }),
      );
      for (let time = 0; time < 2; time++) await c.ledger.replay(c.service, told);

      expect(sortRows(await c.mints(month))).toEqual(
        sortRows(
          told.map(({ own, tenant, firstSeen, otherMonth, journal, ...mint }) => ({
            ...{ ...mint, subject: own, outcome: 'new' as const, ordinal: 0 },
          })),
        ),
      );
      const people = new Map((await c.people(month)).map((person) => [person.identity, person]));
      for (const { identity, className, tenant, firstSeen, issuedAt } of told) {
        const minute = firstSeen - ((firstSeen - monthStartSeconds(month)) % 60);
        expect(people.get(identity)).toMatchObject({
          ...{ className, tenant, firstSeen, lastSeen: issuedAt, mints: 1 },
          signals: [{ signal: 'minted', firstAt: minute, source: 'gateway' }],
        });
      }
    }),
    RUNS,
  );
});

/** Which came first does not matter, so the ordinals are left out. */
function sortRows(rows: readonly MintRecord[]): MintRecord[] {
  return rows
    .map((row) => ({ ...row, ordinal: 0 }))
    .sort((one, other) => (one.identity < other.identity ? -1 : 1));
}
