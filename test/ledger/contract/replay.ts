import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { planTokenLife } from '../../../src/domain/token-life.ts';
import type { ReplayedMint } from '../../../src/ledger/replay.ts';
import { identityOf, seconds } from './builders.ts';
import { type ContractStore, LedgerCase } from './ledger-case.ts';
import { recount, sortMasks } from './model-reports.ts';
import { MONTHS } from './operations.ts';

/** A mint of an hour by a journal of the test, unless told otherwise. */
export function replayedMint(
  person: string,
  at: string,
  { number, ...rest }: Partial<ReplayedMint> & { number?: number } = {},
): ReplayedMint {
  const issuedAt = seconds(at);
  return {
    ...{ identity: identityOf(person), own: identityOf(person), className: 'member', tenant: null },
    ...{ intent: 'open_chat', rule: 'allow-open-chat', firstSeen: issuedAt, issuedAt },
    ...{ expiresAt: issuedAt + 3_600, otherMonth: null },
    journal: number === undefined ? null : { id: 'journal-a', number },
    ...rest,
  };
}

/** What journals hold: mints around the turn of a month, some of them from memory, in the order of writing. */
const journals = fc
  .array(
    fc.record({
      person: fc.constantFrom('ann', 'bob', 'cleo'),
      at: fc.integer({ min: seconds('2026-10-30T00:00:00Z'), max: seconds('2026-11-02T00:00:00Z') }),
      journal: fc.constantFrom('one', 'two', null),
      className: fc.constantFrom('member', 'guest'),
      tenant: fc.constantFrom(null, 'acme'),
    }),
    { minLength: 1, maxLength: 40, size: 'max' },
  )
  .map((mints) =>
    mints.map(({ person, at, journal, ...rest }, index) => {
      const { issuedAt, expiresAt, otherMonth } = planTokenLife(at * 1000, 3_600, 0);
      return replayedMint(person, new Date(at * 1000).toISOString(), {
        ...{ ...rest, issuedAt, expiresAt, otherMonth },
        journal: journal === null ? null : { id: journal, number: index + 1 },
      });
    }),
  );

/** Where deliveries begin and end: from the first that is not settled, which may be long before the last. */
const deliveries = fc.array(fc.tuple(fc.nat(40), fc.nat(40)), { maxLength: 8 });

async function booksOf(c: LedgerCase) {
  const books = [];
  for (const month of MONTHS) {
    const { masks, ...totals } = await c.totals(month);
    const [people, mints] = [await c.people(month), await c.mints(month)];
    expect({ ...totals, masks: sortMasks(masks) }).toMatchObject(recount(people));
    const days = await c.ledger.days(c.service, month);
    books.push({ totals, masks: sortMasks(masks), people, mints, days });
  }
  return books;
}

export function describeReplay(store: ContractStore): void {
  describe('replay', () => {
    test('adds a mint to somebody who is known, once', async () => {
      const c = new LedgerCase(store);
      await c.admit('ann', '2026-10-05T10:00:00Z');
      const told = replayedMint('ann', '2026-10-06T10:00:00Z', { number: 1 });
      for (let time = 0; time < 3; time++) await c.ledger.replay(c.service, [told]);
      expect(await c.person('ann', '2026-10')).toMatchObject({
        ...{
          mints: 2,
          firstSeen: seconds('2026-10-05T10:00:00Z'),
          lastSeen: seconds('2026-10-06T10:00:00Z'),
        },
        signals: [{ signal: 'minted', firstAt: seconds('2026-10-05T10:00:00Z'), source: 'gateway' }],
      });
      expect(await c.totals('2026-10')).toMatchObject({ all: 1, minted: 2 });
      expect(await c.mints('2026-10')).toMatchObject([
        { ordinal: 1, outcome: 'new' },
        { ordinal: 2, outcome: 'known', issuedAt: told.issuedAt, expiresAt: told.expiresAt },
      ]);
      expect(await c.day('2026-10-06')).toMatchObject({ minted: 1, newByClass: {} });
    });

    test('counts somebody whom the month does not know, above a blocking limit', async () => {
      const c = new LedgerCase(store);
      await c.budget('2026-10', { scopes: { all: 1 }, thresholds: [100] });
      await c.admit('ann', '2026-10-05T10:00:00Z');
      const told = { className: 'guest', tenant: 'acme', firstSeen: seconds('2026-10-05T09:00:00Z') };
      await c.ledger.replay(c.service, [replayedMint('bob', '2026-10-06T10:00:00Z', { ...told, number: 7 })]);
      expect(await c.person('bob', '2026-10')).toMatchObject({
        ...{ className: 'guest', tenant: 'acme', mints: 1, firstSeen: told.firstSeen },
      });
      const { all, byClass, byTenant } = await c.totals('2026-10');
      expect({ all, byClass, byTenant }).toEqual({
        ...{ all: 2, byClass: { member: 1, guest: 1 }, byTenant: { acme: 1 } },
      });
      expect(await c.day('2026-10-05')).toMatchObject({ newByClass: { member: 1, guest: 1 } });
      expect(await c.mints('2026-10')).toMatchObject([{ outcome: 'new' }, { outcome: 'new', ordinal: 2 }]);
      expect(await c.alerts()).toHaveLength(1);
      expect(await c.admit('cleo', '2026-10-06T11:00:00Z')).toMatchObject({ code: 'mau-budget-exhausted' });
      expect(await c.admit('bob', '2026-10-06T11:00:00Z')).toMatchObject({ outcome: 'known', ordinal: 3 });
    });

    test('leaves alone whom the ledger knows as lately, when no journal tells', async () => {
      const c = new LedgerCase(store);
      await c.admit('ann', '2026-10-05T10:00:00Z');
      const before = await c.totals('2026-10');
      await c.ledger.replay(c.service, [replayedMint('ann', '2026-10-05T10:00:00Z')]);
      expect(await c.totals('2026-10')).toEqual(before);
      const lost = [replayedMint('ann', '2026-10-05T12:00:00Z'), replayedMint('bob', '2026-10-05T12:00:00Z')];
      for (let time = 0; time < 2; time++) await c.ledger.replay(c.service, lost);
      expect(await c.totals('2026-10')).toMatchObject({ all: 2, minted: 3 });
    });

    test('logs nothing again that the ledger had counted when its answer was lost', async () => {
      const c = new LedgerCase(store);
      await c.admit('ann', '2026-10-05T10:00:00Z');
      const before = await c.totals('2026-10');
      await c.ledger.replay(c.service, [replayedMint('ann', '2026-10-05T10:00:00Z', { number: 1 })]);
      expect(await c.totals('2026-10')).toEqual(before);
      expect(await c.person('ann', '2026-10')).toMatchObject({ mints: 1 });
      await c.ledger.replay(c.service, [replayedMint('ann', '2026-10-05T10:00:01Z', { number: 2 })]);
      expect(await c.person('ann', '2026-10')).toMatchObject({ mints: 2 });
    });

    test('keeps the token that may be handed out again', async () => {
      const c = new LedgerCase(store);
      await c.admit('ann', '2026-10-05T10:00:00Z');
      await c.ledger.replay(c.service, [replayedMint('ann', '2026-10-05T10:20:00Z', { number: 1 })]);
      expect(await c.admit('ann', '2026-10-05T10:25:00Z')).toMatchObject({ outcome: 'reuse', ordinal: 1 });
      expect(await c.admit('ann', '2026-10-05T10:35:00Z')).toMatchObject({ outcome: 'known', ordinal: 3 });
      await c.ledger.replay(c.service, [replayedMint('bob', '2026-10-05T10:20:00Z', { number: 2 })]);
      expect(await c.admit('bob', '2026-10-05T10:21:00Z')).toMatchObject({ outcome: 'known', ordinal: 5 });
    });

    test('puts the holder of a token of two months into both', async () => {
      const c = new LedgerCase(store);
      const { otherMonth } = c.request('ann', '2026-10-31T23:58:00Z').life;
      const told = replayedMint('ann', '2026-10-31T23:58:00Z', { otherMonth, number: 3 });
      for (let time = 0; time < 2; time++) await c.ledger.replay(c.service, [told]);
      expect(await c.totals('2026-10')).toMatchObject({ all: 1, minted: 1 });
      expect(await c.totals('2026-11')).toMatchObject({ all: 1, minted: 0 });
      expect(await c.person('ann', '2026-11')).toMatchObject({
        ...{ mints: 0, signals: [{ firstAt: seconds('2026-11-01T00:00:00Z'), source: 'previous-month' }] },
      });
      const returning = (await c.totals('2026-11')).masks[0]!.mask;
      expect(returning).toBe(1 + 2048);
    });

    test('takes more than one call holds, of several journals and months, some of them twice', async () => {
      const c = new LedgerCase(store);
      const mints = Array.from({ length: 200 }, (_, index) =>
        replayedMint(`p${index % 70}`, new Date(Date.UTC(2026, 9, 31, 0, 10 * index)).toISOString(), {
          journal: { id: `journal-${index % 3}`, number: index + 1 },
          ...(index % 5 === 0 ? { own: identityOf(`own${index % 70}`) } : {}),
        }),
      );
      await c.ledger.replay(c.service, mints.slice(0, 120));
      await c.ledger.replay(c.service, mints);
      const rows = [...(await c.mints('2026-10')), ...(await c.mints('2026-11'))];
      expect(rows.map(({ identity, subject, issuedAt }) => ({ identity, own: subject, issuedAt }))).toEqual(
        mints.map(({ identity, own, issuedAt }) => ({ identity, own, issuedAt })),
      );
      const october = new Set(
        mints.filter(({ issuedAt }) => issuedAt < seconds('2026-11-01T00:00:00Z')).map((m) => m.identity),
      );
      expect((await c.totals('2026-10')).all).toBe(october.size);
    });

    test('comes to the same, wherever it was interrupted and begun again', async () => {
      await fc.assert(
        fc.asyncProperty(journals, deliveries, async (mints, pieces) => {
          const [clean, repeated] = [new LedgerCase(store), new LedgerCase(store)];
          await clean.ledger.replay(clean.service, mints);
          let reached = 0;
          for (const [back, ahead] of pieces) {
            const from = Math.max(0, reached - back);
            reached = Math.max(reached, Math.min(mints.length, reached + ahead));
            await repeated.ledger.replay(repeated.service, mints.slice(from, reached));
          }
          await repeated.ledger.replay(repeated.service, mints.slice(reached));
          expect(await booksOf(repeated)).toEqual(await booksOf(clean));
        }),
        { numRuns: 40, interruptAfterTimeLimit: 12_000 },
      );
    });
  });
}
