import { describe, expect, test } from '@jest/globals';
import { type ContractStore, LedgerCase } from './ledger-case.ts';

const AT = '2026-11-20T09:00:00Z';

function crowd(size: number, prefix = 'p'): string[] {
  return Array.from({ length: size }, (_, n) => `${prefix}${n}`);
}

export function describeConcurrency(store: ContractStore): void {
  describe('concurrency', () => {
    test('of 500 at once exactly 100 get in under a limit of 100', async () => {
      const c = new LedgerCase(store);
      await c.budget('2026-11', { mode: 'block', scopes: { all: 100 } });
      const answers = await Promise.all(crowd(500).map((person) => c.admit(person, AT)));
      const admitted = answers.filter(({ outcome }) => outcome === 'new');
      const refused = answers.filter(({ outcome }) => outcome === 'refused');
      expect(admitted).toHaveLength(100);
      expect(refused).toHaveLength(400);
      for (const refusal of refused) expect(refusal).toMatchObject({ budget: 'all', limit: 100, used: 100 });
      expect(await c.totals('2026-11')).toMatchObject({
        all: 100,
        byClass: { member: 100 },
        minted: 100,
        refused: { 'mau-budget-exhausted': 400 },
      });
      expect(await c.people('2026-11')).toHaveLength(100);
      const ordinals = admitted.map((answer) => ('ordinal' in answer ? answer.ordinal : 0));
      expect(ordinals.sort((a, b) => a - b)).toEqual(crowd(100).map((_, n) => n + 1));
    });

    test('each scope holds for itself', async () => {
      const c = new LedgerCase(store);
      const scopes = { all: 60, 'class:guest': 10, 'tenant:acme': 20 } as const;
      await c.budget('2026-11', { mode: 'block', scopes });
      await Promise.all([
        ...crowd(100, 'g').map((person) => c.admit(person, AT, { className: 'guest' })),
        ...crowd(100, 'a').map((person) => c.admit(person, AT, { tenant: 'acme' })),
        ...crowd(100, 'm').map((person) => c.admit(person, AT)),
      ]);
      expect(await c.totals('2026-11')).toMatchObject({
        all: 60,
        byClass: { guest: 10, member: 50 },
        byTenant: { acme: 20 },
        refused: { 'mau-budget-exhausted': 240 },
      });
    });

    test('one person who asks many times at once is counted once', async () => {
      const c = new LedgerCase(store);
      await c.budget('2026-11', { mode: 'block', scopes: { all: 1 } });
      const answers = await Promise.all(crowd(200).map((_, n) => c.admit('ann', AT, { policyMark: n % 2 })));
      const outcomes = answers.map(({ outcome }) => outcome);
      expect(outcomes[0]).toBe('new');
      expect(outcomes.slice(1)).not.toContain('new');
      expect(outcomes).not.toContain('refused');
      expect(await c.totals('2026-11')).toMatchObject({ all: 1 });
      expect(await c.people('2026-11')).toMatchObject([
        { mints: outcomes.filter((o) => o !== 'reuse').length },
      ]);
    });

    test('the known are served in the middle of a rush that the budget refuses', async () => {
      const c = new LedgerCase(store);
      const known = crowd(50, 'known');
      await Promise.all(known.map((person) => c.admit(person, AT)));
      await c.budget('2026-11', { mode: 'block', scopes: { all: 60 } });
      const rush = crowd(300).map((person, n) => (n % 6 === 0 ? `known${n / 6}` : person));
      const answers = await Promise.all(rush.map((person) => c.admit(person, '2026-11-20T12:00:00Z')));
      const count = (outcome: string) => answers.filter((answer) => answer.outcome === outcome).length;
      expect([count('known'), count('new'), count('refused')]).toEqual([50, 10, 240]);
      expect(await c.totals('2026-11')).toMatchObject({ all: 60, minted: 110 });
    });

    test('admits of one moment are decided in the order of the calls', async () => {
      const c = new LedgerCase(store);
      await c.budget('2026-11', { mode: 'block', scopes: { all: 3 } });
      const names = ['a', 'b', 'a', 'c', 'd', 'b'];
      const answers = await Promise.all(names.map((person) => c.admit(person, AT)));
      const outcomes = answers.map(({ outcome }) => outcome);
      expect(outcomes).toEqual(['new', 'new', 'reuse', 'new', 'refused', 'reuse']);
    });

    test('a rush over the end of a month keeps both months within their limits', async () => {
      const c = new LedgerCase(store);
      await c.budget('2026-11', { mode: 'block', scopes: { all: 30 } });
      await c.budget('2026-12', { mode: 'block', scopes: { all: 20 } });
      const times = [
        '2026-11-30T23:58:30Z',
        '2026-11-30T23:59:58Z',
        '2026-12-01T00:00:01Z',
        '2026-12-01T00:00:09Z',
      ];
      const answers = await Promise.all(crowd(200).map((p, n) => c.admit(p, times[n % times.length] ?? AT)));
      const november = await c.people('2026-11');
      const december = await c.people('2026-12');
      expect(november.length).toBeLessThanOrEqual(30);
      expect(december).toHaveLength(20);
      const inBoth = new Set(december.map(({ identity }) => identity));
      for (const answer of answers) {
        if (answer.outcome === 'refused') continue;
        const reachesDecember = answer.expiresAt * 1000 > Date.parse('2026-11-30T23:59:55Z');
        if (reachesDecember) expect(inBoth).toContain(answer.identity);
      }
    });

    test('evidence that comes at the same time counts once, and nothing is lost', async () => {
      const c = new LedgerCase(store);
      const people = crowd(60);
      await Promise.all(
        people.flatMap((person) => [
          c.admit(person, AT),
          c.see(person, 'connected', AT),
          c.see(person, 'connected', AT),
          c.see(person, 'read', '2026-11-21T09:00:00Z'),
        ]),
      );
      const totals = await c.totals('2026-11');
      expect(totals).toMatchObject({ all: 60, minted: 60 });
      const records = await c.people('2026-11');
      for (const { signals } of records) {
        expect(signals.map(({ signal }) => signal)).toEqual(['minted', 'connected', 'read']);
      }
      expect(totals.masks.reduce((sum, { identities }) => sum + identities, 0)).toBe(60);
    });
  });
}
