import { describe, expect, test } from '@jest/globals';
import { budgetOf } from './builders.ts';
import { type ContractStore, LedgerCase } from './ledger-case.ts';

const AT = '2026-11-20T09:00:00Z';
const LATER = '2026-11-20T12:00:00Z';

export function describeBudgets(store: ContractStore): void {
  describe('budgets and freeze', () => {
    test('a blocking budget admits up to its limit and says what was hit', async () => {
      const c = new LedgerCase(store);
      await c.budget('2026-11', { mode: 'block', scopes: { all: 2 } });
      for (const person of ['ann', 'bob']) {
        expect(await c.admit(person, AT)).toMatchObject({ outcome: 'new' });
      }
      expect(await c.admit('cleo', AT)).toMatchObject({
        outcome: 'refused',
        code: 'mau-budget-exhausted',
        budget: 'all',
        limit: 2,
        used: 2,
        month: '2026-11',
        resetsAt: '2026-12-01T00:00:00Z',
      });
      expect(await c.totals('2026-11')).toMatchObject({
        all: 2,
        minted: 2,
        refused: { 'mau-budget-exhausted': 1 },
      });
      expect(await c.day('2026-11-20')).toMatchObject({ minted: 2, refused: { 'mau-budget-exhausted': 1 } });
    });

    test('the known are served whatever the budget', async () => {
      const c = new LedgerCase(store);
      await c.admit('ann', AT);
      await c.see('bob', 'addressed', AT);
      await c.budget('2026-11', { mode: 'block', scopes: { all: 0, 'class:member': 0 } });
      for (const person of ['ann', 'bob']) {
        expect(await c.admit(person, LATER)).toMatchObject({ outcome: 'known' });
      }
    });

    test('evidence is counted above the limit, and the refusal shows it', async () => {
      const c = new LedgerCase(store);
      await c.budget('2026-11', { mode: 'block', scopes: { all: 1 } });
      await c.freeze('2026-11', AT);
      for (const person of ['ann', 'bob', 'cleo']) await c.see(person, 'addressed', AT);
      await c.freeze('2026-11', null);
      expect(await c.admit('dan', LATER)).toMatchObject({ budget: 'all', limit: 1, used: 3 });
    });

    test('scopes are asked in the order all, class, tenant', async () => {
      const c = new LedgerCase(store);
      const acme = { className: 'guest', tenant: 'acme' };
      await c.admit('ann', AT, acme);
      await c.admit('bob', AT, { className: 'member', tenant: 'acme' });
      const scopes = { all: 2, 'class:guest': 1, 'tenant:acme': 2 } as const;
      await c.budget('2026-11', { mode: 'block', scopes });
      expect(await c.admit('new', AT, acme)).toMatchObject({ budget: 'all', limit: 2, used: 2 });
      await c.budget('2026-11', { mode: 'block', scopes: { ...scopes, all: 3 } });
      expect(await c.admit('new', AT, acme)).toMatchObject({ budget: 'class:guest', limit: 1, used: 1 });
      await c.budget('2026-11', { mode: 'block', scopes: { ...scopes, all: 3, 'class:guest': 2 } });
      expect(await c.admit('new', AT, acme)).toMatchObject({ budget: 'tenant:acme', limit: 2, used: 2 });
    });

    test('a scope only concerns those who fall in it', async () => {
      const c = new LedgerCase(store);
      const scopes = { 'class:guest': 0, 'tenant:acme': 0 } as const;
      await c.budget('2026-11', { mode: 'block', scopes });
      expect(await c.admit('ann', AT, { tenant: 'zen' })).toMatchObject({ outcome: 'new' });
      expect(await c.admit('bob', AT)).toMatchObject({ outcome: 'new' });
      expect(await c.admit('cleo', AT, { className: 'guest' })).toMatchObject({ budget: 'class:guest' });
      expect(await c.admit('dan', AT, { tenant: 'acme' })).toMatchObject({ budget: 'tenant:acme' });
    });

    test('an identity uses the budget of the class it was counted in', async () => {
      const c = new LedgerCase(store);
      await c.see('ann', 'addressed', AT, { className: 'guest' });
      await c.admit('ann', AT, { className: 'member' });
      await c.budget('2026-11', { mode: 'block', scopes: { 'class:guest': 1, 'class:member': 1 } });
      expect(await c.admit('bob', AT, { className: 'guest' })).toMatchObject({
        budget: 'class:guest',
        used: 1,
      });
      expect(await c.admit('bob', AT, { className: 'member' })).toMatchObject({ outcome: 'new' });
    });

    test.each(['off', 'warn'] as const)('mode %s refuses nobody', async (mode) => {
      const c = new LedgerCase(store);
      await c.budget('2026-11', { mode, scopes: { all: 0 } });
      expect(await c.admit('ann', AT)).toMatchObject({ outcome: 'new' });
    });

    test('a budget holds for its month and later ones, until configured anew', async () => {
      const c = new LedgerCase(store);
      const first = budgetOf({ scopes: { all: 0 } });
      const second = budgetOf({ mode: 'warn', scopes: { 'class:member': 10 } });
      await c.budget('2026-11', first);
      await c.budget('2027-01', second);
      await c.budget('2027-03', null);
      const budgets = [];
      for (const month of ['2026-10', '2026-11', '2026-12', '2027-01', '2027-02', '2027-03', '2028-01']) {
        budgets.push((await c.totals(month)).budget);
      }
      expect(budgets).toEqual([null, first, first, second, second, null, null]);
      expect(await c.admit('ann', '2026-10-20T09:00:00Z')).toMatchObject({ outcome: 'new' });
      expect(await c.admit('ann', '2026-12-20T09:00:00Z')).toMatchObject({ limit: 0, month: '2026-12' });
      expect(await c.admit('ann', '2027-04-20T09:00:00Z')).toMatchObject({ outcome: 'new' });
    });

    test('a budget configured again for its month replaces it, from the next admit on', async () => {
      const c = new LedgerCase(store);
      await c.budget('2026-11', { mode: 'block', scopes: { all: 0, 'class:member': 7 } });
      expect(await c.admit('ann', AT)).toMatchObject({ code: 'mau-budget-exhausted' });
      await c.budget('2026-11', { mode: 'block', scopes: { 'tenant:acme': 1 } });
      expect((await c.totals('2026-11')).budget).toEqual(budgetOf({ scopes: { 'tenant:acme': 1 } }));
      expect(await c.admit('ann', AT)).toMatchObject({ outcome: 'new' });
    });

    test('a freeze stops newcomers only, and says since when', async () => {
      const c = new LedgerCase(store);
      await c.admit('ann', AT);
      await c.freeze('2026-11', '2026-11-20T10:00:00Z');
      expect(await c.admit('ann', LATER)).toMatchObject({ outcome: 'known' });
      expect(await c.admit('bob', LATER)).toMatchObject({
        outcome: 'refused',
        code: 'new-identities-frozen',
        since: '2026-11-20T10:00:00Z',
      });
      expect(await c.totals('2026-11')).toMatchObject({
        all: 1,
        refused: { 'new-identities-frozen': 1 },
        frozenSince: '2026-11-20T10:00:00Z',
      });
    });

    test('a freeze holds for later months until it is lifted', async () => {
      const c = new LedgerCase(store);
      await c.freeze('2026-11', AT);
      await c.freeze('2027-01', null);
      const frozen = [];
      for (const month of ['2026-10', '2026-11', '2026-12', '2027-01', '2027-02']) {
        frozen.push((await c.totals(month)).frozenSince);
      }
      expect(frozen).toEqual([null, AT, AT, null, null]);
      expect(await c.admit('ann', '2026-12-20T09:00:00Z')).toMatchObject({ code: 'new-identities-frozen' });
      await c.freeze('2026-11', null);
      expect(await c.admit('ann', '2026-12-20T09:00:00Z')).toMatchObject({ outcome: 'new' });
    });

    test('known-only speaks before freeze, and freeze before budget', async () => {
      const c = new LedgerCase(store);
      await c.budget('2026-11', { mode: 'block', scopes: { all: 0 } });
      await c.freeze('2026-11', AT);
      expect(await c.admit('ann', AT, { knownOnly: true })).toMatchObject({ code: 'lazy-connect-required' });
      expect(await c.admit('ann', AT)).toMatchObject({ code: 'new-identities-frozen' });
      await c.freeze('2026-11', null);
      expect(await c.admit('ann', AT)).toMatchObject({ code: 'mau-budget-exhausted' });
    });

    test('a month that was only configured is not a month with people', async () => {
      const c = new LedgerCase(store);
      await c.budget('2026-11', { mode: 'block', scopes: { all: 0 } });
      await c.freeze('2026-11', AT);
      await c.admit('ann', AT);
      expect(await c.ledger.months(c.service)).toEqual([]);
    });
  });
}
