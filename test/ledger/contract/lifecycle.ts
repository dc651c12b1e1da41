import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { DEFAULT_SERVICE } from '../../../src/domain/service-name.ts';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { evidenceOf, identityOf, monthNamed } from './builders.ts';
import { type ContractStore, LedgerCase } from './ledger-case.ts';

const AT = '2026-11-20T09:00:00Z';
const MONTH = monthNamed('2026-11');

export interface OpenedLedger {
  ledger: Ledger;
  /** Closes the ledger and whatever was started for it. */
  close(): Promise<void>;
}

export function describeLifecycle(store: ContractStore, open: () => Promise<OpenedLedger>): void {
  describe('lifecycle', () => {
    test('the store tells its clock', async () => {
      const before = Date.now();
      const clock = await store.ledger.ping(DEFAULT_SERVICE);
      expect(clock).toBeGreaterThanOrEqual(before - 2);
      expect(clock).toBeLessThanOrEqual(Date.now() + 2);
    });

    test('the fingerprint of the identity secret is remembered, and replaced only when told so', async () => {
      const [ours, other] = [randomUUID(), randomUUID()];
      await store.ledger.checkFingerprint(ours, true);
      expect(await store.ledger.checkFingerprint(ours, false)).toBe('same');
      expect(await store.ledger.checkFingerprint(other, false)).toBe('different');
      expect(await store.ledger.checkFingerprint(ours, false)).toBe('same');
      expect(await store.ledger.checkFingerprint(other, true)).toBe('different');
      expect(await store.ledger.checkFingerprint(other, false)).toBe('same');
      expect(await store.ledger.checkFingerprint(ours, false)).toBe('different');
    });

    test('a closed ledger rejects everything as unavailable', async () => {
      const { ledger, close } = await open();
      const c = new LedgerCase({ ledger });
      await c.admit('ann', AT);
      await close();
      const page = { after: null, limit: 10 };
      const calls: (() => Promise<unknown>)[] = [
        () => c.admit('ann', AT),
        () => ledger.countRefusal(c.service, 'forbidden', Date.parse(AT)),
        () => ledger.record(c.service, [evidenceOf('ann', 'read', AT)]),
        () => ledger.months(c.service),
        () => ledger.totals(c.service, MONTH),
        () => ledger.days(c.service, MONTH),
        () => ledger.identities(c.service, MONTH, page),
        () => ledger.mints(c.service, MONTH, page),
        () => ledger.configureBudget(c.service, MONTH, null),
        () => ledger.countShadow(c.service, 'some-rule', Date.parse(AT)),
        () => ledger.countBeacons(c.service, 1, Date.parse(AT)),
        () => c.preview('ann', AT),
        () => c.limits('2026-11'),
        () => c.block('ann'),
        () => ledger.recall(c.service, 'key', Date.parse(AT)),
        () => ledger.audit(c.service, page),
        () => c.adopt('guest', 'ann'),
        () => ledger.merges(c.service),
        () => ledger.identityFile(c.service, identityOf('ann')),
        () => ledger.linksOf(c.service, [identityOf('ann')]),
        () => ledger.findPeople(c.service, [identityOf('ann')], MONTH),
        () => ledger.alerts(c.service, page),
        () =>
          ledger.takeDeliveries(c.service, { targets: ['slack'], now: Date.parse(AT), leaseMs: 1, max: 1 }),
        () => {
          const result = { at: Date.parse(AT), state: 'delivered', dueAt: null, error: null } as const;
          return ledger.settleDelivery(c.service, '1', 'slack', result);
        },
        () => ledger.checkFingerprint('x', false),
        () => ledger.ping(c.service),
      ];
      for (const call of calls) {
        await expect(call()).rejects.toMatchObject({ code: 'ledger-unavailable' });
      }
    });

    test('closing waits for what was asked before', async () => {
      const { ledger, close } = await open();
      const c = new LedgerCase({ ledger });
      const answers = Promise.all(['ann', 'bob'].map((person) => c.admit(person, AT)));
      await Promise.all([
        close(),
        expect(answers).resolves.toMatchObject([{ outcome: 'new' }, { outcome: 'new' }]),
      ]);
    });
  });
}
