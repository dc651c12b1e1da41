import { describe, expect, test } from '@jest/globals';
import { budgetOf, raiseOf, seconds } from './builders.ts';
import { type ContractStore, LedgerCase } from './ledger-case.ts';

const AT = '2026-11-20T09:00:00Z';
const GUEST = { className: 'guest' };

/** Admits this many newcomers whom nothing stands against. */
async function fill(c: LedgerCase, people: number, options: Parameters<LedgerCase['admit']>[2] = {}) {
  for (let n = 0; n < people; n += 1) {
    const name = `${options.className ?? 'member'}-${options.tenant ?? 'none'}-${n}`;
    expect(await c.admit(name, AT, options)).toMatchObject({ outcome: 'new' });
  }
}

export function describeLimits(store: ContractStore): void {
  describe('limits', () => {
    test('what an operator sets wins over what is configured, also later', async () => {
      const c = new LedgerCase(store);
      await c.budget('2026-11', { scopes: { all: 5 } });
      expect(await c.limits('2026-11')).toMatchObject({
        source: 'configured',
        budget: { scopes: { all: 5 } },
      });
      await c.setBudget('2026-12', { scopes: { all: 0 } });
      await c.budget('2026-12', { scopes: { all: 9 } });
      await c.budget('2027-02', null);
      expect(await c.limits('2026-11')).toMatchObject({
        source: 'configured',
        budget: { scopes: { all: 5 } },
      });
      for (const month of ['2026-12', '2027-01', '2027-03']) {
        const budget = budgetOf({ scopes: { all: 0 } });
        expect(await c.limits(month)).toMatchObject({ source: 'operator', budget });
        expect((await c.totals(month)).budget).toEqual(budget);
      }
      expect(await c.admit('ann', '2027-03-04T09:00:00Z')).toMatchObject({ budget: 'all', limit: 0 });
    });

    test('nothing set, nothing limited', async () => {
      const c = new LedgerCase(store);
      expect(await c.limits('2026-11')).toEqual({
        budget: null,
        source: 'configured',
        raises: [],
        frozenSince: null,
        version: expect.any(String),
      });
    });

    test('a raise lifts its scope in its month, to the second of its end', async () => {
      const c = new LedgerCase(store);
      await c.budget('2026-11', { scopes: { all: 1 } });
      await fill(c, 1);
      await c.raise('fair', { until: '2026-11-20T10:00:00Z', identities: 2 });
      expect(await c.admit('ann', '2026-11-20T09:59:59.999Z')).toMatchObject({ outcome: 'new' });
      const late = await c.admit('bob', '2026-11-20T10:00:00Z');
      expect(late).toMatchObject({ outcome: 'refused', budget: 'all', limit: 1, used: 2 });
      expect(await c.admit('bob', '2026-11-20T09:59:59Z')).toMatchObject({ outcome: 'new' });
      const full = await c.admit('cleo', '2026-11-20T09:59:59Z');
      expect(full).toMatchObject({ budget: 'all', limit: 3, used: 3 });
    });

    test('a raise concerns nothing else', async () => {
      const c = new LedgerCase(store);
      await c.budget('2026-11', { scopes: { 'class:member': 0, 'tenant:*': 0 } });
      await c.raise('a', { until: '2026-12-31T00:00:00Z', scope: 'class:member' });
      await c.raise('b', { until: '2026-11-30T00:00:00Z', scope: 'tenant:acme' });
      await c.raise('c', { until: '2026-11-30T00:00:00Z', scope: 'class:guest' });
      expect(await c.admit('ann', AT)).toMatchObject({ budget: 'class:member', limit: 0 });
      expect(await c.admit('bob', AT, { ...GUEST, tenant: 'zen' })).toMatchObject({ budget: 'tenant:zen' });
      expect(await c.admit('cleo', AT, { ...GUEST, tenant: 'acme' })).toMatchObject({ outcome: 'new' });
      expect(await c.admit('dan', AT, { ...GUEST, tenant: 'acme' })).toMatchObject({ limit: 1, used: 1 });
    });

    test('raises add up, are listed in order of creation, and one may be ended', async () => {
      const c = new LedgerCase(store);
      await c.budget('2026-11', { scopes: { all: 0 } });
      const old = { until: '2026-11-02T00:00:00Z', createdAt: seconds('2026-11-01T00:00:00Z') };
      const first = { until: '2026-11-30T00:00:00Z', reason: 'a "fair"\n|all|=9', by: 'kim' };
      const second = { ...first, createdAt: seconds('2026-11-21T00:00:00Z'), identities: 3 };
      await c.raise('z-old', old);
      await c.raise('y-first', first);
      await c.raise('x-second', second);
      const expected = [raiseOf('z-old', old), raiseOf('y-first', first), raiseOf('x-second', second)];
      expect((await c.limits('2026-11')).raises).toEqual(expected);
      expect((await c.totals('2026-11')).raises).toEqual(expected);
      expect((await c.limits('2026-12')).raises).toEqual([]);
      await fill(c, 4);
      expect(await c.admit('ann', AT)).toMatchObject({ limit: 4, used: 4 });
      await c.change({ kind: 'end-raise', id: 'x-second' });
      expect(await c.admit('ann', AT)).toMatchObject({ limit: 1, used: 4 });
      expect(await c.admit('member-none-3', '2026-11-20T12:00:00Z')).toMatchObject({ outcome: 'known' });
      const inForce = (await c.limits('2026-11')).raises.filter(({ expiresAt }) => expiresAt > seconds(AT));
      expect(inForce.map(({ id }) => id)).toEqual(['y-first']);
    });

    test('places reserved for a class are not for others, until it has taken them', async () => {
      const c = new LedgerCase(store);
      await c.budget('2026-11', {
        scopes: { all: 5 },
        reserve: { member: 2 },
        priorities: { member: 0, guest: 0 },
      });
      await fill(c, 3, GUEST);
      const refused = await c.admit('late', AT, GUEST);
      expect(refused).toMatchObject({ budget: 'all', limit: 5, used: 3, reserved: 2 });
      expect(refused).toMatchObject({ detail: expect.stringContaining('3 are used, 2 are kept') });
      await fill(c, 1);
      expect(await c.admit('late', AT, GUEST)).toMatchObject({ limit: 5, used: 4, reserved: 1 });
      expect(await c.admit('ann', AT)).toMatchObject({ outcome: 'new' });
      const full = await c.admit('late', AT, GUEST);
      expect(full).toMatchObject({ budget: 'all', limit: 5, used: 5 });
      expect(full).not.toHaveProperty('reserved');
    });

    test('a class of higher rank may take what is reserved for a lower one, not the other way round', async () => {
      const c = new LedgerCase(store);
      const priorities = { agent: 2, member: 1, guest: 0 };
      await c.budget('2026-11', { scopes: { all: 3 }, reserve: { member: 1, agent: 1 }, priorities });
      expect(await c.admit('g1', AT, GUEST)).toMatchObject({ outcome: 'new' });
      expect(await c.admit('g2', AT, GUEST)).toMatchObject({ used: 1, reserved: 2 });
      await fill(c, 1);
      expect(await c.admit('m2', AT)).toMatchObject({ used: 2, reserved: 1 });
      expect(await c.admit('a1', AT, { className: 'agent' })).toMatchObject({ outcome: 'new' });
      const other = new LedgerCase(store);
      await other.budget('2026-11', { scopes: { all: 1 }, reserve: { member: 1 }, priorities });
      expect(await other.admit('a1', AT, { className: 'agent' })).toMatchObject({ outcome: 'new' });
    });

    test('tenants without a limit of their own share the one of `tenant:*`, each for itself', async () => {
      const c = new LedgerCase(store);
      await c.budget('2026-11', { scopes: { 'tenant:*': 1, 'tenant:acme': 2 } });
      await fill(c, 2, { tenant: 'acme' });
      await fill(c, 1, { tenant: 'zen' });
      await fill(c, 1, { tenant: 'bolt' });
      await fill(c, 3);
      for (const [tenant, limit] of [
        ['acme', 2],
        ['zen', 1],
        ['bolt', 1],
      ] as const) {
        expect(await c.admit('late', AT, { tenant })).toMatchObject({ budget: `tenant:${tenant}`, limit });
      }
    });

    test('a budget that warns lets in and counts each whom it would have refused, once a month', async () => {
      const c = new LedgerCase(store);
      const scopes = { all: 1, 'class:member': 0 };
      await c.budget('2026-11', { mode: 'warn', scopes });
      await fill(c, 3);
      await c.admit('member-none-0', '2026-11-20T12:00:00Z');
      const totals = await c.totals('2026-11');
      expect(totals).toMatchObject({ all: 3, shadow: { 'mau-budget-exhausted': 3 }, refused: {} });
      expect(await c.day('2026-11-20')).toMatchObject({ minted: 4, reused: 0, refused: {} });
      await c.admit('turn', '2026-11-30T23:59:00Z');
      expect((await c.totals('2026-11')).shadow).toEqual({ 'mau-budget-exhausted': 4 });
      expect((await c.totals('2026-12')).shadow).toEqual({ 'mau-budget-exhausted': 1 });
    });

    test('a rule in shadow is counted beside, and not as a refusal', async () => {
      const c = new LedgerCase(store);
      await c.ledger.countShadow(c.service, 'some-rule', Date.parse(AT));
      await c.ledger.countShadow(c.service, 'some-rule', Date.parse('2026-11-30T23:59:59.999Z'));
      await c.ledger.countShadow(c.service, 'other', Date.parse(AT));
      expect(await c.totals('2026-11')).toMatchObject({
        all: 0,
        minted: 0,
        reused: 0,
        shadow: { 'some-rule': 2, other: 1 },
        refused: {},
      });
      expect(await c.day('2026-11-20')).toMatchObject({ minted: 0, reused: 0, refused: {} });
      expect(await c.ledger.months(c.service)).toEqual([]);
    });
  });
}
