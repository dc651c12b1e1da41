import { describe, expect, test } from '@jest/globals';
import type { Month } from '../../../src/domain/month.ts';
import { bitOf } from '../../../src/domain/signal.ts';
import type { IdentityRecord } from '../../../src/ledger/records.ts';
import { MINTS_BACK_MAX, PEOPLE_BACK_MAX, type PeopleBack } from '../../../src/ledger/retention.ts';
import { conversationSid, monthNamed } from './builders.ts';
import { type ContractStore, LedgerCase } from './ledger-case.ts';

const OCTOBER = monthNamed('2026-10');
const NOVEMBER = monthNamed('2026-11');

/** A month with people of two classes and a tenant, repeat mints, evidence, a refusal and a reuse. */
async function fillOctober(c: LedgerCase, people = 10): Promise<void> {
  for (let n = 0; n < people; n += 1) {
    const day = String((n % 28) + 1).padStart(2, '0');
    await c.admit(
      `p${n}`,
      `2026-10-${day}T09:00:00Z`,
      n % 2 === 0 ? { tenant: 'acme' } : { className: 'guest' },
    );
    await c.admit(`p${n}`, `2026-10-${day}T12:00:00Z`);
  }
  await c.admit('p0', '2026-10-01T12:00:05Z');
  await c.see('p1', 'messaged', '2026-10-20T09:30:00Z');
  await c.see('only-seen', 'joined', '2026-10-21T09:30:00Z');
  await c.link('own', 'p3');
  await c.admit('own', '2026-10-29T09:00:00Z');
  await c.ledger.countRefusal(c.service, 'no-reason-to-connect', Date.parse('2026-10-05T09:00:00Z'));
  await c.ledger.countShadow(c.service, 'hidden-tab', Date.parse('2026-10-06T09:00:00Z'));
}

async function figures(c: LedgerCase) {
  return { totals: await c.totals('2026-10'), days: await c.ledger.days(c.service, OCTOBER) };
}

async function everything(c: LedgerCase) {
  return { ...(await figures(c)), people: await c.people('2026-10'), mints: await c.mints('2026-10') };
}

async function trimAll(c: LedgerCase, month: Month, upTo: number): Promise<void> {
  while (!(await c.ledger.retention.trimMints(c.service, month, upTo)));
  let after: string | null = null;
  do {
    ({ next: after } = await c.ledger.retention.trimPeople(c.service, month, after));
  } while (after !== null);
}

async function sweep(c: LedgerCase, month: Month): Promise<void> {
  let after: string | null = null;
  do {
    ({ next: after } = await c.ledger.retention.trimConversations(c.service, month, after));
  } while (after !== null);
}

async function restorePeople(
  c: LedgerCase,
  month: Month,
  people: readonly IdentityRecord[],
  how: PeopleBack,
): Promise<void> {
  for (let from = 0; from < people.length; from += PEOPLE_BACK_MAX) {
    const some = people.slice(from, from + PEOPLE_BACK_MAX);
    await c.ledger.retention.restorePeople(c.service, month, some, how);
  }
}

/** Admits `p<from>` to `p<to - 1>` on the fifth of a month. */
async function admitSome(c: LedgerCase, month: string, from: number, to: number): Promise<void> {
  for (let n = from; n < to; n += 1) await c.admit(`p${n}`, `${month}-05T09:00:00Z`);
}

/** Who of a month is `returning`, by their rows, and how many by its histogram. */
async function returningIn(c: LedgerCase, month: string) {
  const isReturning = ({ mask }: { mask: number }) => (mask & bitOf('returning')) !== 0;
  const people = (await c.people(month)).filter(isReturning).map(({ identity }) => identity);
  const { masks } = await c.totals(month);
  const counted = masks.filter(isReturning).reduce((sum, { identities }) => sum + identities, 0);
  return { people: people.sort(), counted };
}

type Everything = Awaited<ReturnType<typeof everything>>;

async function restore(
  c: LedgerCase,
  was: Everything,
  how: 'count' | 'place',
  rowsPerCall = 7,
): Promise<void> {
  const { retention } = c.ledger;
  let after: number | null = null;
  for (let from = 0; from < was.mints.length; from += rowsPerCall) {
    const rows = was.mints.slice(from, from + rowsPerCall);
    await retention.restoreMints(c.service, OCTOBER, { after, rows });
    after = rows.at(-1)?.ordinal ?? null;
  }
  if (after !== null) await retention.finishMints(c.service, OCTOBER, after);
  await restorePeople(c, OCTOBER, was.people, how);
  await retention.raiseFigures(c.service, OCTOBER, was);
}

export function describeRetention(store: ContractStore): void {
  describe('old months', () => {
    test('lose their rows and keep every count', async () => {
      const c = new LedgerCase(store);
      await fillOctober(c);
      await c.admit('p1', '2026-11-02T09:00:00Z');
      const [before, november] = [await figures(c), await c.mints('2026-11')];
      await trimAll(c, OCTOBER, 1_000);
      await trimAll(c, OCTOBER, 1_000);

      expect(await c.mints('2026-10')).toEqual([]);
      expect(await c.people('2026-10')).toEqual([]);
      expect(await figures(c)).toEqual(before);
      expect(await c.ledger.months(c.service)).toEqual([NOVEMBER, OCTOBER]);
      expect(await c.mints('2026-11')).toEqual(november);
      expect(await c.person('p1', '2026-11')).toMatchObject({ identity: 'p1', mints: 1 });
    });

    test('keep rows behind the last that may go, and those of other services', async () => {
      const c = new LedgerCase(store);
      const other = new LedgerCase(store);
      await fillOctober(c);
      await fillOctober(other, 3);
      const [mints, others] = [await c.mints('2026-10'), await everything(other)];
      while (!(await c.ledger.retention.trimMints(c.service, OCTOBER, 12)));
      expect(await c.mints('2026-10')).toEqual(mints.slice(12));
      await trimAll(c, OCTOBER, 1_000);
      expect(await everything(other)).toEqual(others);
    });

    test('that never were take no harm', async () => {
      const c = new LedgerCase(store);
      await trimAll(c, monthNamed('2020-01'), 10);
      await sweep(c, OCTOBER);
      expect(await c.totals('2020-01')).toMatchObject({ all: 0, minted: 0 });
    });
  });

  describe('rows that are put back', () => {
    test('are the same as they were, in a ledger that still has the counts', async () => {
      const c = new LedgerCase(store);
      await fillOctober(c);
      const before = await everything(c);
      await trimAll(c, OCTOBER, 1_000);
      await restore(c, before, 'place');
      expect(await everything(c)).toEqual(before);
      await restore(c, before, 'place', MINTS_BACK_MAX);
      expect(await everything(c)).toEqual(before);
    });

    test('bring all counts with them into an empty ledger, once however often', async () => {
      const [c, empty] = [new LedgerCase(store), new LedgerCase(store)];
      await fillOctober(c, 70);
      const before = await everything(c);
      await restore(empty, before, 'count', 33);
      const after = await everything(empty);
      expect({ ...after, totals: sorted(after.totals) }).toEqual({
        ...before,
        totals: sorted(before.totals),
      });
      expect(await empty.ledger.months(empty.service)).toEqual([OCTOBER]);
      await restore(empty, before, 'count');
      expect(await everything(empty)).toEqual(after);
    });

    test('leave alone what came meanwhile', async () => {
      const [c, partly] = [new LedgerCase(store), new LedgerCase(store)];
      await fillOctober(c, 4);
      const before = await everything(c);
      await partly.admit('p1', '2026-10-02T09:00:00Z', { className: 'guest' });
      await partly.see('stranger', 'messaged', '2026-10-30T10:00:00Z');
      await restore(partly, before, 'count');
      expect((await partly.totals('2026-10')).all).toBe(before.totals.all + 1);
      expect(await partly.person('p1', '2026-10')).toMatchObject({ mints: 1 });
      expect(await partly.mints('2026-10')).toHaveLength(before.mints.length);
    });

    test('stand before rows that the log has behind them', async () => {
      const c = new LedgerCase(store);
      await fillOctober(c);
      const before = await everything(c);
      while (!(await c.ledger.retention.trimMints(c.service, OCTOBER, 1_000)));
      await c.admit('late', '2026-10-31T09:00:00Z');
      const late = await c.mints('2026-10');
      expect(late).toHaveLength(1);
      await restore(c, before, 'place');
      expect(await c.mints('2026-10')).toEqual([...before.mints, ...late]);
      await c.admit('later', '2026-10-31T10:00:00Z');
      expect((await c.mints('2026-10')).at(-1)).toMatchObject({
        identity: 'later',
        ordinal: before.mints.length + 2,
      });
    });

    test.each([
      ['the earlier month first', ['2026-10', '2026-11']],
      ['the later month first', ['2026-11', '2026-10']],
    ])('are returning in the month after, %s', async (_order, months) => {
      const [whole, lost] = [new LedgerCase(store), new LedgerCase(store)];
      await admitSome(whole, '2026-10', 0, 6);
      await admitSome(whole, '2026-11', 3, 9);
      await admitSome(whole, '2026-12', 6, 12);
      await admitSome(lost, '2026-12', 6, 12);
      expect(await returningIn(lost, '2026-12')).toEqual({ people: [], counted: 0 });
      for (const repeat of ['once', 'twice']) {
        for (const month of months) {
          await restorePeople(lost, monthNamed(month), await whole.people(month), 'count');
        }
        for (const month of ['2026-10', '2026-11', '2026-12']) {
          expect([repeat, await lost.people(month)]).toEqual([repeat, await whole.people(month)]);
          expect(sorted(await lost.totals(month)).masks).toEqual(sorted(await whole.totals(month)).masks);
        }
      }
      expect(await returningIn(lost, '2026-12')).toEqual({ people: ['p6', 'p7', 'p8'], counted: 3 });
    });

    test.each(['count', 'place'] as const)(
      'are returning after a month that was told of meanwhile: %s',
      async (how) => {
        const whole = new LedgerCase(store);
        await admitSome(whole, '2026-10', 0, 3);
        const people = await whole.people('2026-10');
        const target = how === 'place' ? whole : new LedgerCase(store);
        if (how === 'place') await trimAll(whole, OCTOBER, 1_000);
        await target.see('p1', 'messaged', '2026-09-20T09:00:00Z');
        await admitSome(target, '2026-11', 2, 4);
        expect(await returningIn(target, '2026-11')).toEqual({ people: [], counted: 0 });

        await restorePeople(target, OCTOBER, people, how);
        await restorePeople(target, OCTOBER, people, how);
        expect(await returningIn(target, '2026-10')).toEqual({ people: ['p1'], counted: 1 });
        expect(await returningIn(target, '2026-11')).toEqual({ people: ['p2'], counted: 1 });
        const { all, masks } = await target.totals('2026-10');
        expect([all, masks.reduce((sum, { identities }) => sum + identities, 0)]).toEqual([3, 3]);
      },
    );

    test('may begin anew after a restoration that broke off', async () => {
      const c = new LedgerCase(store);
      await fillOctober(c);
      const before = await everything(c);
      await trimAll(c, OCTOBER, 1_000);
      await c.ledger.retention.restoreMints(c.service, OCTOBER, {
        after: null,
        rows: before.mints.slice(0, 5),
      });
      await restore(c, before, 'place');
      expect(await everything(c)).toEqual(before);
    });

    test('never lower a figure', async () => {
      const c = new LedgerCase(store);
      await fillOctober(c);
      const before = await figures(c);
      const none = { minted: 0, reused: 0, adopted: 0, refused: {}, shadow: {}, conversations: 0 };
      await c.ledger.retention.raiseFigures(c.service, OCTOBER, { totals: none, days: [] });
      expect(await figures(c)).toEqual(before);
    });
  });

  describe('old conversations', () => {
    const [old, both, unknown] = [conversationSid(1), conversationSid(2), conversationSid(3)];
    const messageIn = (conversation: string, at: string) => ({
      ...{ kind: 'message' as const, conversation, index: 4, author: null, at: Date.parse(at) },
    });

    test('are forgotten, those with a later message are not, and counts stay', async () => {
      const c = new LedgerCase(store);
      await c.ledger.record(
        c.service,
        [],
        [
          ...[messageIn(old, '2026-10-03T09:00:00Z'), messageIn(both, '2026-10-03T09:00:00Z')],
          messageIn(both, '2026-11-03T09:00:00Z'),
          ...[old, both, unknown].map((conversation) => ({
            ...{ kind: 'member' as const, conversation, identity: 'ann' as never, lastRead: null },
            at: Date.parse('2026-10-02T09:00:00Z'),
          })),
        ],
      );
      const unread = async () => {
        const { conversations } = await c.ledger.unread(c.service, 'ann' as never);
        return conversations.map(({ sid }) => sid);
      };
      expect(await unread()).toEqual([old, both]);
      await sweep(c, OCTOBER);
      expect(await unread()).toEqual([old, both]);
      await sweep(c, NOVEMBER);
      await sweep(c, NOVEMBER);
      expect(await unread()).toEqual([both]);
      expect((await c.totals('2026-10')).conversations).toBe(2);
      expect((await c.totals('2026-11')).conversations).toBe(1);
    });
  });
}

/** The histogram in an order of its own: stores keep none. */
function sorted(totals: Everything['totals']) {
  const masks = totals.masks.map((mask) => JSON.stringify(mask)).sort();
  return { ...totals, masks };
}
