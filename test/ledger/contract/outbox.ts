import { describe, expect, test } from '@jest/globals';
import { type ContractStore, LedgerCase } from './ledger-case.ts';

const AT = '2026-11-20T09:00:00Z';
const NOW = Date.parse('2026-11-20T09:00:05Z');
const LEASE_MS = 60_000;

/** A service with so many alerts, thresholds 1, 2, 3… */
async function alerted(store: ContractStore, alerts: number): Promise<LedgerCase> {
  const c = new LedgerCase(store);
  const thresholds = Array.from({ length: alerts }, (_, n) => n + 1);
  await c.budget('2026-11', { scopes: { all: 100 }, thresholds });
  for (const n of thresholds) await c.admit(`p${n}`, AT);
  return c;
}

/** `<threshold> <target> <attempts>` of each delivery taken. */
async function take(c: LedgerCase, targets: string[], now = NOW, max = 100): Promise<string[]> {
  const due = await c.ledger.takeDeliveries(c.service, { targets, now, leaseMs: LEASE_MS, max });
  return due.map(({ alert, target, attempts }) => `${alert.threshold} ${target} ${attempts}`);
}

export function describeOutbox(store: ContractStore): void {
  describe('the outbox', () => {
    test('hands out each alert for each target, whole, and hides it for the lease', async () => {
      const c = await alerted(store, 2);
      const [first] = await c.ledger.takeDeliveries(c.service, {
        targets: ['slack'],
        now: NOW,
        leaseMs: LEASE_MS,
        max: 1,
      });
      const [alert] = await c.alerts();
      const { deliveries, ...rest } = alert ?? { deliveries: [] };
      expect(first).toEqual({ alert: rest, target: 'slack', attempts: 0, precedesTarget: true });
      expect(deliveries).toMatchObject([
        { target: 'slack', state: 'pending', attempts: 0, lastAttemptAt: null, error: null },
      ]);
      expect((await take(c, ['slack', 'hook'])).sort()).toEqual(['1 hook 0', '2 hook 0', '2 slack 0']);
      expect(await take(c, ['slack', 'hook'], NOW + LEASE_MS - 1)).toEqual([]);
      expect(await take(c, ['slack', 'hook'], NOW + LEASE_MS)).toHaveLength(4);
    });

    test('of many gateways that ask at once each delivery goes to one', async () => {
      const c = await alerted(store, 6);
      const taken = await Promise.all(Array.from({ length: 8 }, () => take(c, ['slack', 'hook'], NOW, 2)));
      expect(taken.flat()).toHaveLength(12);
      expect(new Set(taken.flat()).size).toBe(12);
    });

    test('oldest alerts come first, and no more than asked for', async () => {
      const c = await alerted(store, 11);
      expect(await take(c, ['slack'], NOW, 3)).toEqual(['1 slack 0', '2 slack 0', '3 slack 0']);
      expect((await take(c, ['slack'], NOW, 100)).at(-1)).toBe('11 slack 0');
    });

    test('a long backlog comes oldest first, too, each alert once', async () => {
      const c = new LedgerCase(store);
      await c.budget('2026-11', { mode: 'warn', scopes: { 'tenant:*': 1 }, thresholds: [90, 100] });
      for (let n = 0; n < 300; n += 1) await c.admit(`p${n}`, AT, { tenant: `t${n}` });
      const order = (await c.alerts(1_000)).map(({ id }) => id);
      expect(order).toHaveLength(600);
      const taken: string[] = [];
      for (let now = NOW; taken.length < 600; now += 1) {
        const due = await c.ledger.takeDeliveries(c.service, {
          ...{ targets: ['slack'], now, leaseMs: LEASE_MS, max: 50 },
        });
        if (due.length === 0) break;
        taken.push(...due.map(({ alert }) => alert.id));
      }
      expect(taken).toEqual(order);
    });

    test('what was delivered is not handed out again', async () => {
      const c = await alerted(store, 1);
      await take(c, ['slack']);
      const [{ id } = { id: '' }] = await c.alerts();
      const at = NOW + 200;
      await c.ledger.settleDelivery(c.service, id, 'slack', {
        at,
        state: 'delivered',
        dueAt: null,
        error: null,
      });
      expect(await take(c, ['slack'], NOW + 10 * LEASE_MS)).toEqual([]);
      expect((await c.alerts())[0]?.deliveries).toEqual([
        { target: 'slack', state: 'delivered', attempts: 1, lastAttemptAt: at, dueAt: null, error: null },
      ]);
    });

    test('what failed comes again when it is due, until it is given up', async () => {
      const c = await alerted(store, 1);
      await take(c, ['slack']);
      const [{ id } = { id: '' }] = await c.alerts();
      const failed = { at: NOW + 100, state: 'pending', dueAt: NOW + 5_000, error: '503 "away"\0' } as const;
      await c.ledger.settleDelivery(c.service, id, 'slack', failed);
      expect((await c.alerts())[0]?.deliveries).toEqual([
        {
          target: 'slack',
          state: 'pending',
          attempts: 1,
          lastAttemptAt: NOW + 100,
          dueAt: NOW + 5_000,
          error: '503 "away"\0',
        },
      ]);
      expect(await take(c, ['slack'], NOW + 4_999)).toEqual([]);
      expect(await take(c, ['slack'], NOW + 5_000)).toEqual(['1 slack 1']);
      const gone = { at: NOW + 5_100, state: 'given-up', dueAt: null, error: '410' } as const;
      await c.ledger.settleDelivery(c.service, id, 'slack', gone);
      expect(await take(c, ['slack'], NOW + 10 * LEASE_MS)).toEqual([]);
      expect((await c.alerts())[0]?.deliveries).toMatchObject([
        { state: 'given-up', attempts: 2, error: '410' },
      ]);
    });

    test('what is skipped is not handed out again, and was no attempt', async () => {
      const c = await alerted(store, 1);
      await take(c, ['slack']);
      const [{ id } = { id: '' }] = await c.alerts();
      const skipped = { at: NOW + 100, state: 'skipped', dueAt: null, error: 'too old' } as const;
      await c.ledger.settleDelivery(c.service, id, 'slack', skipped);
      expect(await take(c, ['slack'], NOW + 10 * LEASE_MS)).toEqual([]);
      expect((await c.alerts())[0]?.deliveries).toEqual([
        {
          target: 'slack',
          state: 'skipped',
          attempts: 0,
          lastAttemptAt: null,
          dueAt: null,
          error: 'too old',
        },
      ]);
    });

    test('a target that is named later is offered what was before; one that is not named keeps its own', async () => {
      const c = await alerted(store, 2);
      expect(await take(c, ['slack'])).toHaveLength(2);
      expect(await take(c, ['hook'], NOW + LEASE_MS)).toEqual(['1 hook 0', '2 hook 0']);
      expect(await take(c, [], NOW + LEASE_MS)).toEqual([]);
      expect(await take(c, ['slack'], NOW + LEASE_MS)).toEqual(['1 slack 0', '2 slack 0']);
    });

    test('tells what was there before a target was named from what came later', async () => {
      const c = new LedgerCase(store);
      await c.budget('2026-11', { scopes: { all: 100 }, thresholds: [1, 2, 3] });
      const precedes = async (...targets: string[]) => {
        const due = await c.ledger.takeDeliveries(c.service, {
          targets,
          now: NOW,
          leaseMs: LEASE_MS,
          max: 100,
        });
        return due.map(
          ({ alert, target, precedesTarget }) => `${alert.threshold} ${target} ${precedesTarget}`,
        );
      };
      expect(await precedes('early')).toEqual([]);
      // Evidence that came weeks late, of a month in which the target was known to nobody.
      await c.see('p1', 'messaged', '2026-11-01T09:00:00Z');
      expect(await precedes('early')).toEqual(['1 early false']);
      await c.admit('p2', AT);
      expect((await precedes('early', 'late')).sort()).toEqual([
        '1 late true',
        '2 early false',
        '2 late true',
      ]);
      await c.admit('p3', AT);
      expect((await precedes('early', 'late')).sort()).toEqual(['3 early false', '3 late false']);
    });

    test('knows the targets of each service on their own', async () => {
      const [c, other] = [new LedgerCase(store), await alerted(store, 1)];
      await take(c, ['slack']);
      const named = { targets: ['slack'], now: NOW, leaseMs: LEASE_MS, max: 1 };
      expect(await other.ledger.takeDeliveries(other.service, named)).toMatchObject([
        { precedesTarget: true },
      ]);
    });

    test('a service without alerts has nothing to deliver', async () => {
      expect(await take(new LedgerCase(store), ['slack'])).toEqual([]);
    });
  });
}
