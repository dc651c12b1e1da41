import { describe, expect, test } from '@jest/globals';
import type { Change } from '../../../src/ledger/steering.ts';
import { auditOf, budgetOf, identityOf, monthNamed, raiseOf } from './builders.ts';
import { type ContractStore, LedgerCase } from './ledger-case.ts';

const AT = '2026-11-20T09:00:00Z';
const NOW = Date.parse(AT);
const NOVEMBER = monthNamed('2026-11');

const BUDGET: Change = { kind: 'budget', month: NOVEMBER, budget: budgetOf({ scopes: { all: 7 } }) };
const FREEZE: Change = { kind: 'freeze', month: NOVEMBER, since: AT };
const BLOCK: Change = { kind: 'block', identity: identityOf('ann'), blocked: true };

/** Changes whose repetition would show: each raises the limit by one more. */
function raiseNumber(n: number): Change {
  return { kind: 'raise', raise: raiseOf(`raise-${n}`, { until: '2026-11-30T00:00:00Z' }) };
}

export function describeSteering(store: ContractStore): void {
  describe('changes by operators', () => {
    test.each([
      ['a budget', BUDGET],
      ['a raise', raiseNumber(1)],
      ['the end of a raise', { kind: 'end-raise', id: 'raise-1' } as Change],
      ['a freeze', FREEZE],
    ])('%s changes the version of the limits', async (_, change) => {
      const c = new LedgerCase(store);
      const seen = new Set([(await c.limits('2026-11')).version]);
      for (let time = 0; time < 3; time += 1) {
        await c.change(change);
        const { version } = await c.limits('2026-11');
        expect(seen).not.toContain(version);
        seen.add(version);
      }
    });

    test('nothing else does, and configuring the same again does not', async () => {
      const c = new LedgerCase(store);
      await c.budget('2026-11', { scopes: { all: 3 } });
      const { version } = await c.limits('2026-11');
      await c.budget('2026-11', { scopes: { all: 3 } });
      await c.change(BLOCK);
      await c.change({ kind: 'note' });
      await c.link('bob', 'cleo');
      await c.admit('dan', AT);
      expect((await c.limits('2026-11')).version).toBe(version);
      await c.budget('2026-11', { scopes: { all: 4 } });
      expect((await c.limits('2026-11')).version).not.toBe(version);
    });

    test('a change that rests on other limits than those in force is stale and does nothing', async () => {
      const c = new LedgerCase(store);
      const { version } = await c.limits('2026-11');
      expect(await c.change(BUDGET, { expected: version })).toEqual({ outcome: 'done' });
      for (const change of [raiseNumber(1), FREEZE, BLOCK]) {
        const idempotency = { key: 'kim key', fingerprint: 'f', answer: 'a', until: NOW + 1_000 };
        const stale = await c.change(change, { expected: version, idempotency });
        expect(stale).toEqual({ outcome: 'stale' });
      }
      expect(await c.limits('2026-11')).toMatchObject({ raises: [], frozenSince: null });
      expect(await c.audit()).toHaveLength(1);
      expect(await c.ledger.recall(c.service, 'kim key', NOW)).toBeNull();
      expect(await c.admit('ann', AT)).toMatchObject({ outcome: 'new' });
      const { version: now } = await c.limits('2026-11');
      expect(await c.change(FREEZE, { expected: now })).toEqual({ outcome: 'done' });
    });

    test('of changes that rest on the same limits and come at once one is done', async () => {
      const c = new LedgerCase(store);
      const { version } = await c.limits('2026-11');
      const changes = Array.from({ length: 9 }, (_, n) => c.change(raiseNumber(n), { expected: version }));
      const outcomes = (await Promise.all(changes)).map(({ outcome }) => outcome);
      expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(1);
      expect((await c.limits('2026-11')).raises).toHaveLength(1);
    });

    test('the same request under the same key is done once and answered the same', async () => {
      const c = new LedgerCase(store);
      const idempotency = {
        key: 'kim "key"\n',
        fingerprint: 'sha-1',
        answer: '{"id":"ü\0"}',
        until: NOW + 1_000,
      };
      const { version } = await c.limits('2026-11');
      const terms = { idempotency, expected: version };
      const repeated = { outcome: 'repeated', answer: idempotency.answer };
      const answers = await Promise.all([1, 2, 3].map((n) => c.change(raiseNumber(n), terms)));
      expect(answers).toEqual([{ outcome: 'done' }, repeated, repeated]);
      const other = await c.change(raiseNumber(4), {
        idempotency: { ...idempotency, answer: 'other' },
        at: '2026-11-20T09:00:00.999Z',
      });
      expect(other).toEqual(repeated);
      expect((await c.limits('2026-11')).raises).toHaveLength(1);
      expect(await c.audit()).toHaveLength(1);
    });

    test('a key that was used for something else is a conflict, and nothing is done', async () => {
      const c = new LedgerCase(store);
      const idempotency = { key: 'kim key', fingerprint: 'sha-1', answer: 'a', until: NOW + 1_000 };
      await c.change(raiseNumber(1), { idempotency });
      const conflict = await c.change(BUDGET, { idempotency: { ...idempotency, fingerprint: 'sha-2' } });
      expect(conflict).toEqual({ outcome: 'conflict' });
      expect(await c.limits('2026-11')).toMatchObject({ budget: null });
      expect(await c.audit()).toHaveLength(1);
      const elsewhere = new LedgerCase(store);
      expect(await elsewhere.change(BUDGET, { idempotency })).toEqual({ outcome: 'done' });
    });

    test('an answer is recalled until its time is over', async () => {
      const c = new LedgerCase(store);
      const idempotency = { key: 'kim key', fingerprint: 'sha-1', answer: 'a', until: NOW + 1_000 };
      expect(await c.ledger.recall(c.service, 'kim key', NOW)).toBeNull();
      await c.change(BUDGET, { idempotency });
      const kept = { fingerprint: 'sha-1', answer: 'a' };
      expect(await c.ledger.recall(c.service, 'kim key', NOW + 999)).toEqual(kept);
      expect(await c.ledger.recall(c.service, 'kim key', NOW + 1_000)).toBeNull();
      expect(await c.ledger.recall(c.service, 'other', NOW)).toBeNull();
    });

    test('each change leaves an audit entry, kept as it is', async () => {
      const c = new LedgerCase(store);
      const before = { limits: { all: 5 }, list: [], nothing: null, text: 'ü\0"\n' };
      const entries = [
        { ...auditOf('budget.set', AT), before, after: [1, 'two', { three: 3 }] },
        { ...auditOf('block.set', '2026-11-19T00:00:00.123Z'), by: 'lee', reason: 'because\0 "of"' },
        { ...auditOf('budget.set', AT), before: 'text', after: 0 },
      ];
      for (const audit of entries) await c.change(BUDGET, { audit });
      const kept = await c.audit();
      expect(kept).toEqual(entries.map((entry) => ({ id: expect.any(String), ...entry })));
      expect(new Set(kept.map(({ id }) => id)).size).toBe(3);
    });

    test('a note leaves its audit entry and nothing else, and is repeated under its key', async () => {
      const c = new LedgerCase(store);
      const idempotency = { key: 'kim note', fingerprint: 'f', answer: '"noted"', until: NOW + 1_000 };
      expect(await c.change({ kind: 'note' }, { idempotency })).toEqual({ outcome: 'done' });
      expect(await c.change({ kind: 'note' }, { idempotency })).toEqual({
        outcome: 'repeated',
        answer: '"noted"',
      });
      expect(await c.audit()).toMatchObject([auditOf('note')]);
      expect(await c.ledger.months(c.service)).toEqual([]);
    });

    test('the audit log is read newest first, in pages, each entry once', async () => {
      const c = new LedgerCase(store);
      const actions = Array.from({ length: 12 }, (_, n) => `action-${n}`);
      for (const action of actions) await c.change(BLOCK, { audit: auditOf(action, AT) });
      for (const limit of [1, 5, 12, 100]) {
        expect((await c.audit(limit)).map(({ action }) => action)).toEqual(actions);
      }
      const { items } = await c.ledger.audit(c.service, { after: null, limit: 2 });
      expect(items.map(({ action }) => action)).toEqual(['action-11', 'action-10']);
      const nobody = new LedgerCase(store);
      expect(await nobody.audit()).toEqual([]);
    });

    test('many links are one change', async () => {
      const c = new LedgerCase(store);
      const links = Array.from({ length: 1_000 }, (_, n) => ({
        own: identityOf(`own-${n}`),
        effective: identityOf(`effective-${n}`),
      }));
      await c.change({ kind: 'link', links });
      const own = links.map((link) => link.own);
      expect(await c.ledger.linksOf(c.service, own)).toEqual(links.map(({ effective }) => effective));
      expect(await c.audit()).toHaveLength(1);
      expect(await c.admit('own-999', AT)).toMatchObject({ outcome: 'new', identity: 'effective-999' });
    });
  });
}
