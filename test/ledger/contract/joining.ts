import { describe, expect, test } from '@jest/globals';
import { bitOf } from '../../../src/domain/signal.ts';
import type { JoinRequest } from '../../../src/ledger/ledger.ts';
import { identityOf, seconds } from './builders.ts';
import { type ContractStore, LedgerCase } from './ledger-case.ts';

const AT = '2026-11-20T09:07:42.999Z';

type JoinOptions = Partial<Pick<JoinRequest, 'signal' | 'className'>>;

function join(c: LedgerCase, person: string, at = AT, options: JoinOptions = {}) {
  return c.ledger.join(c.service, {
    ...{ identity: identityOf(person), signal: 'joined', className: 'unknown', at: Date.parse(at) },
    ...options,
  });
}

export function describeJoining(store: ContractStore): void {
  describe('joining a conversation', () => {
    test('counts a newcomer by the signal, without a mint', async () => {
      const c = new LedgerCase(store);
      expect(await join(c, 'ann')).toBe('counted');
      expect(await c.people('2026-11')).toEqual([
        {
          identity: 'ann',
          className: 'unknown',
          tenant: null,
          firstSeen: seconds(AT),
          lastSeen: seconds(AT),
          mints: 0,
          mask: bitOf('joined'),
          signals: [{ signal: 'joined', firstAt: seconds('2026-11-20T09:07:00Z'), source: 'webhook' }],
        },
      ]);
      expect(await c.totals('2026-11')).toMatchObject({
        all: 1,
        byClass: { unknown: 1 },
        minted: 0,
        refused: {},
      });
      expect((await c.day('2026-11-20'))?.newByClass).toEqual({ unknown: 1 });
      expect(await c.mints('2026-11')).toEqual([]);
    });

    test('knows an address by its own signal and class', async () => {
      const c = new LedgerCase(store);
      const address = { signal: 'addressed', className: 'address' } as const;
      expect(await join(c, 'address.12345', AT, address)).toBe('counted');
      expect(await c.people('2026-11')).toMatchObject([{ className: 'address', mask: bitOf('addressed') }]);
    });

    test('is the very evidence that comes later, in either order', async () => {
      const [joined, seen] = [new LedgerCase(store), new LedgerCase(store)];
      for (let times = 0; times < 3; times++) {
        expect(await join(joined, 'ann')).toBe(times === 0 ? 'counted' : 'known');
      }
      await joined.see('ann', 'joined', AT);
      await seen.see('ann', 'joined', AT);
      expect(await join(seen, 'ann')).toBe('known');
      expect(await joined.people('2026-11')).toEqual(await seen.people('2026-11'));
      expect((await joined.totals('2026-11')).masks).toEqual((await seen.totals('2026-11')).masks);
    });

    test('makes a mint known, and is known after one', async () => {
      const c = new LedgerCase(store);
      await join(c, 'ann');
      expect(await c.admit('ann', AT)).toMatchObject({ outcome: 'known' });
      await c.admit('bob', AT, { tenant: 'acme' });
      expect(await join(c, 'bob', '2026-11-21T09:00:00Z')).toBe('known');
      expect(await c.person('bob', '2026-11')).toMatchObject({
        ...{ className: 'member', tenant: 'acme', mints: 1 },
        mask: bitOf('minted') | bitOf('joined') | bitOf('again'),
      });
      expect((await c.totals('2026-11')).all).toBe(2);
    });

    test('whoever was here last month is returning', async () => {
      const c = new LedgerCase(store);
      await c.see('ann', 'read', '2026-10-31T23:00:00Z');
      await join(c, 'ann');
      expect(await c.person('ann', '2026-11')).toMatchObject({ mask: bitOf('joined') | bitOf('returning') });
    });

    test('is refused by a freeze, and the known are not', async () => {
      const c = new LedgerCase(store);
      await join(c, 'ann');
      await c.freeze('2026-11', '2026-11-20T08:00:00Z');
      expect(await join(c, 'ann')).toBe('known');
      expect(await join(c, 'bob')).toMatchObject({
        outcome: 'refused',
        code: 'new-identities-frozen',
        since: '2026-11-20T08:00:00Z',
      });
      expect(await c.totals('2026-11')).toMatchObject({ all: 1, refused: { 'new-identities-frozen': 1 } });
      expect((await c.day('2026-11-20'))?.refused).toEqual({ 'new-identities-frozen': 1 });
    });

    test('is refused by the whole budget and by that of the class, with the numbers', async () => {
      const c = new LedgerCase(store);
      await c.budget('2026-11', { scopes: { all: 2, 'class:unknown': 1 } });
      expect(await join(c, 'ann')).toBe('counted');
      expect(await join(c, 'bob')).toMatchObject({
        ...{ code: 'mau-budget-exhausted', budget: 'class:unknown', limit: 1, used: 1 },
        ...{ month: '2026-11', resetsAt: '2026-12-01T00:00:00Z' },
      });
      await c.admit('cleo', AT);
      expect(await join(c, 'dan', AT, { className: 'member' })).toMatchObject({
        budget: 'all',
        limit: 2,
        used: 2,
      });
      expect(await join(c, 'ann')).toBe('known');
      expect(await c.totals('2026-11')).toMatchObject({
        all: 2,
        byClass: { unknown: 1, member: 1 },
        refused: { 'mau-budget-exhausted': 2 },
      });
    });

    test('leaves what is kept for a class, and takes a raise', async () => {
      const c = new LedgerCase(store);
      await c.budget('2026-11', {
        ...{ scopes: { all: 2 }, reserve: { agent: 1 }, priorities: { agent: 1, member: 0 } },
      });
      expect(await join(c, 'ann')).toBe('counted');
      expect(await join(c, 'bob')).toMatchObject({ budget: 'all', limit: 2, used: 1, reserved: 1 });
      await c.raise('one', { until: '2026-11-30T00:00:00Z' });
      expect(await join(c, 'bob')).toBe('counted');
    });

    test('is only counted by a budget that warns, and not at all by one that is off', async () => {
      const c = new LedgerCase(store);
      await c.budget('2026-11', { mode: 'warn', scopes: { all: 0 } });
      expect(await join(c, 'ann')).toBe('counted');
      expect((await c.totals('2026-11')).shadow).toEqual({ 'mau-budget-exhausted': 1 });
      const off = new LedgerCase(store);
      await off.budget('2026-11', { mode: 'off', scopes: { all: 0 } });
      expect(await join(off, 'ann')).toBe('counted');
      expect((await off.totals('2026-11')).shadow).toEqual({});
    });

    test('fires the thresholds that it reaches', async () => {
      const c = new LedgerCase(store);
      await c.budget('2026-11', { scopes: { all: 2 }, thresholds: [50, 100] });
      await join(c, 'ann');
      await join(c, 'bob');
      await join(c, 'cleo');
      expect((await c.alerts()).map(({ threshold, used }) => ({ threshold, used }))).toEqual([
        { threshold: 50, used: 1 },
        { threshold: 100, used: 2 },
      ]);
    });

    test('is held by the spike guard', async () => {
      const c = new LedgerCase(store);
      await c.budget('2026-11', {
        priorities: { member: 0 },
        spikeGuard: { factor: 1, minimum: 1, mode: 'block' },
      });
      const member = { className: 'member' };
      expect(await join(c, 'ann', AT, member)).toBe('counted');
      expect(await join(c, 'bob', AT, member)).toMatchObject({ budget: 'new-per-hour', limit: 1, used: 1 });
      expect(await c.alerts()).toMatchObject([{ budget: 'new-per-hour' }]);
    });

    test('and minting together never pass a limit, at once', async () => {
      const c = new LedgerCase(store);
      await c.budget('2026-11', { scopes: { all: 40 } });
      const crowd = Array.from({ length: 50 }, (_, n) => n);
      const answers = await Promise.all(
        crowd.flatMap((n): Promise<unknown>[] => [
          join(c, `j${n}`),
          c.admit(`m${n}`, AT),
          // The same person by both ways is one.
          join(c, `m${n}`),
        ]),
      );
      const { all, byClass, refused } = await c.totals('2026-11');
      expect(all).toBe(40);
      expect((byClass['unknown'] ?? 0) + (byClass['member'] ?? 0)).toBe(40);
      expect(refused['mau-budget-exhausted']).toBe(
        answers.filter((answer) => (answer as { outcome?: string }).outcome === 'refused').length,
      );
    });
  });
}
