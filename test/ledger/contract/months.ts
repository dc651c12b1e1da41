import { describe, expect, test } from '@jest/globals';
import { bitOf } from '../../../src/domain/signal.ts';
import { monthNamed, seconds } from './builders.ts';
import { type ContractStore, LedgerCase } from './ledger-case.ts';

const BLOCKED = { mode: 'block', scopes: { all: 0 } } as const;

export function describeMonths(store: ContractStore): void {
  describe('months', () => {
    test.each([
      ['the last millisecond of a month', '2026-11-30T23:59:59.999Z', '2026-11', '2026-12'],
      ['the last millisecond of a year', '2026-12-31T23:59:59.999Z', '2026-12', '2027-01'],
      ['the end of a leap February', '2028-02-29T23:59:59.999Z', '2028-02', '2028-03'],
      ['the end of a common February', '2027-02-28T23:59:59.999Z', '2027-02', '2027-03'],
    ])('a token issued at %s is counted in both months', async (_, at, month, next) => {
      const c = new LedgerCase(store);
      expect(await c.admit('ann', at, { hidden: true })).toMatchObject({
        outcome: 'new',
        month,
        issuedAt: seconds(at),
        expiresAt: seconds(at) + 3_600,
        ordinal: 1,
      });
      const mask = bitOf('minted') | bitOf('hidden');
      const nextStarts = seconds(`${next}-01T00:00:00Z`);
      expect(await c.person('ann', month)).toMatchObject({ mints: 1, mask, firstSeen: seconds(at) });
      expect(await c.person('ann', next)).toEqual({
        identity: 'ann',
        className: 'member',
        tenant: null,
        firstSeen: nextStarts,
        lastSeen: nextStarts,
        mints: 0,
        mask: mask | bitOf('returning'),
        signals: [{ signal: 'minted', firstAt: nextStarts, source: 'previous-month' }],
      });
      expect(await c.ledger.months(c.service)).toEqual([next, month]);
      expect(await c.mints(month)).toHaveLength(1);
      expect(await c.mints(next)).toEqual([]);
      expect(await c.totals(next)).toMatchObject({ all: 1, minted: 0 });
    });

    test.each([
      ['2027-01-01T00:00:04.999Z', '2027-01', '2026-12', '2026-12-31T23:59:00Z'],
      ['2028-03-01T00:00:00Z', '2028-03', '2028-02', '2028-02-29T23:59:00Z'],
    ])('a token issued at %s is counted in the month before as well', async (at, month, before, minute) => {
      const c = new LedgerCase(store);
      expect(await c.admit('ann', at)).toMatchObject({ outcome: 'new', month, ordinal: 1 });
      const lastSecond = seconds(minute) + 59;
      expect(await c.person('ann', before)).toEqual({
        identity: 'ann',
        className: 'member',
        tenant: null,
        firstSeen: lastSecond,
        lastSeen: lastSecond,
        mints: 0,
        mask: bitOf('minted'),
        signals: [{ signal: 'minted', firstAt: seconds(minute), source: 'previous-month' }],
      });
      const day = new Date(lastSecond * 1000).toISOString().slice(0, 10);
      const newByHour = new Array(24).fill(0).with(23, 1);
      expect(await c.day(day)).toMatchObject({ newByClass: { member: 1 }, newByHour, minted: 0 });
    });

    test('five seconds into a month the month before is left alone', async () => {
      const c = new LedgerCase(store);
      await c.admit('ann', '2026-12-01T00:00:05Z');
      expect(await c.ledger.months(c.service)).toEqual(['2026-12']);
    });

    test('who is counted in both months is returning in the later one', async () => {
      const c = new LedgerCase(store);
      await c.admit('ann', '2026-11-30T23:59:00Z');
      await c.admit('bob', '2026-11-29T10:00:00Z');
      await c.admit('bob', '2026-11-30T23:59:00Z');
      await c.admit('cleo', '2026-12-01T00:00:03Z');
      expect(await c.person('cleo', '2026-11')).toMatchObject({ mask: bitOf('minted') });
      const returning = { mask: bitOf('minted') | bitOf('returning') };
      expect(await c.person('ann', '2026-12')).toMatchObject(returning);
      expect(await c.person('cleo', '2026-12')).toMatchObject(returning);
      expect(await c.person('bob', '2026-12')).toMatchObject({ mask: bitOf('minted') | bitOf('returning') });
    });

    test('a record that the other month has is left as it is, but for who returns', async () => {
      const c = new LedgerCase(store);
      await c.admit('ann', '2026-12-01T00:00:30Z', { tenant: 'acme', policyMark: 2 });
      const [before] = await c.people('2026-12');
      await c.admit('ann', '2026-11-30T23:59:58Z', { hidden: true });
      expect(await c.people('2026-12')).toEqual([{ ...before, mask: before!.mask | bitOf('returning') }]);
      expect(await c.totals('2026-12')).toMatchObject({ all: 1, minted: 1 });
    });

    test('evidence that the other month has only gains the minted signal and who returns', async () => {
      const c = new LedgerCase(store);
      await c.see('ann', 'read', '2026-12-09T08:00:00Z');
      await c.admit('ann', '2026-11-30T23:59:58Z', { hidden: true });
      expect(await c.person('ann', '2026-12')).toMatchObject({
        className: 'unknown',
        firstSeen: seconds('2026-12-09T08:00:00Z'),
        lastSeen: seconds('2026-12-09T08:00:00Z'),
        mints: 0,
        mask: bitOf('minted') | bitOf('read') | bitOf('returning'),
        signals: [
          { signal: 'minted', firstAt: seconds('2026-12-01T00:00:00Z'), source: 'previous-month' },
          { signal: 'read', firstAt: seconds('2026-12-09T08:00:00Z'), source: 'webhook' },
        ],
      });
    });

    test('when only the later month refuses, the token ends 5 s before it', async () => {
      const c = new LedgerCase(store);
      await c.budget('2026-12', BLOCKED);
      const issuedAt = seconds('2026-11-30T23:58:55Z');
      const cut = { outcome: 'new', expiresAt: issuedAt + 60, ordinal: 1 };
      expect(await c.admit('ann', '2026-11-30T23:58:55.999Z')).toMatchObject(cut);
      expect(await c.mints('2026-11')).toMatchObject([{ expiresAt: issuedAt + 60 }]);
      expect(await c.totals('2026-12')).toMatchObject({ all: 0, refused: {} });
      expect(await c.totals('2026-11')).toMatchObject({ all: 1, minted: 1, refused: {} });
      expect(await c.admit('ann', '2026-11-30T23:59:24Z')).toMatchObject({ ...cut, outcome: 'reuse' });
    });

    test('when that would leave less than 60 s, nothing is counted but the later month’s refusal', async () => {
      const c = new LedgerCase(store);
      await c.admit('bob', '2026-11-20T10:00:00Z');
      await c.budget('2026-12', BLOCKED);
      const refusal = {
        outcome: 'refused',
        code: 'mau-budget-exhausted',
        budget: 'all',
        limit: 0,
        used: 0,
        month: '2026-12',
        resetsAt: '2027-01-01T00:00:00Z',
      };
      for (const person of ['ann', 'bob']) {
        expect(await c.admit(person, '2026-11-30T23:58:56Z')).toMatchObject(refusal);
      }
      expect(await c.ledger.months(c.service)).toEqual(['2026-11']);
      expect(await c.totals('2026-11')).toMatchObject({
        all: 1,
        minted: 1,
        refused: { 'mau-budget-exhausted': 2 },
      });
      expect(await c.totals('2026-12')).toMatchObject({ all: 0, refused: {} });
      expect(await c.day('2026-11-30')).toMatchObject({ refused: { 'mau-budget-exhausted': 2 } });
    });

    test('somebody whom the later month knows keeps a whole token', async () => {
      const c = new LedgerCase(store);
      await c.see('ann', 'joined', '2026-12-02T10:00:00Z');
      await c.freeze('2026-12', '2026-12-01T00:00:00Z');
      const answer = await c.admit('ann', '2026-11-30T23:59:30Z');
      expect(answer).toMatchObject({ outcome: 'new', expiresAt: seconds('2026-12-01T00:59:30Z') });
    });

    test('somebody who may only refresh and is new to the later month gets a cut token', async () => {
      const c = new LedgerCase(store);
      await c.admit('ann', '2026-11-20T10:00:00Z');
      const answer = await c.admit('ann', '2026-11-30T23:57:00Z', { knownOnly: true });
      expect(answer).toMatchObject({ outcome: 'known', expiresAt: seconds('2026-11-30T23:59:55Z') });
      expect(await c.ledger.months(c.service)).toEqual(['2026-11']);
    });

    test('when the earlier month refuses, so does the ledger', async () => {
      const c = new LedgerCase(store);
      await c.budget('2026-11', BLOCKED);
      await c.budget('2026-12', null);
      const refused = await c.admit('ann', '2026-12-01T00:00:02Z');
      expect(refused).toMatchObject({
        code: 'mau-budget-exhausted',
        month: '2026-11',
        resetsAt: '2026-12-01T00:00:00Z',
      });
      expect(await c.totals('2026-12')).toMatchObject({ all: 0, refused: { 'mau-budget-exhausted': 1 } });
      expect(await c.totals('2026-11')).toMatchObject({ all: 0, refused: {} });
    });

    test('when both months refuse, the month of issue speaks', async () => {
      const c = new LedgerCase(store);
      await c.budget('2026-11', BLOCKED);
      await c.freeze('2026-12', '2026-12-01T00:00:00Z');
      expect(await c.admit('ann', '2026-11-30T23:59:00Z')).toMatchObject({ month: '2026-11' });
    });

    test('ordinals start anew with each month', async () => {
      const c = new LedgerCase(store);
      await c.admit('ann', '2026-11-01T10:00:00Z');
      await c.admit('bob', '2026-11-02T10:00:00Z');
      expect(await c.admit('ann', '2026-12-01T10:00:00Z')).toMatchObject({ outcome: 'new', ordinal: 1 });
      expect(await c.admit('ann', '2026-11-30T10:00:00Z')).toMatchObject({ outcome: 'known', ordinal: 3 });
    });

    test('a month without data reads as zeros', async () => {
      const c = new LedgerCase(store);
      await c.admit('ann', '2026-11-01T10:00:00Z');
      const zeros = {
        all: 0,
        minted: 0,
        reused: 0,
        adopted: 0,
        byClass: {},
        byTenant: {},
        masks: [],
        refused: {},
      };
      expect(await c.totals('2025-06')).toEqual({
        month: '2025-06',
        ...zeros,
        shadow: {},
        beacons: 0,
        conversations: 0,
        budget: null,
        raises: [],
        frozenSince: null,
      });
      expect(await c.people('2025-06')).toEqual([]);
      expect(await c.mints('2025-06')).toEqual([]);
    });

    test.each([
      ['2026-02', 28],
      ['2028-02', 29],
      ['2026-11', 30],
      ['2026-12', 31],
    ])('%s has a row for each of its %d days, also without data', async (month, days) => {
      const c = new LedgerCase(store);
      const rows = await c.ledger.days(c.service, monthNamed(month));
      expect(rows).toHaveLength(days);
      expect(rows.at(-1)).toEqual({
        day: `${month}-${days}`,
        newByClass: {},
        newByHour: new Array(24).fill(0),
        minted: 0,
        reused: 0,
        refused: {},
        beacons: 0,
      });
      expect(rows[0]?.day).toBe(`${month}-01`);
    });
  });
}
