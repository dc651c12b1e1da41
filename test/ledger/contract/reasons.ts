import { describe, expect, test } from '@jest/globals';
import { SIGNALS } from '../../../src/domain/signal.ts';
import { seconds } from './builders.ts';
import { type ContractStore, LedgerCase } from './ledger-case.ts';

const AT = '2026-11-20T09:00:00Z';
const REASON = { needsReason: true, intent: 'notification' };

export function describeReasons(store: ContractStore): void {
  describe('reasons to connect', () => {
    test.each(SIGNALS)('whether last month’s signal %s is one', async (signal) => {
      const c = new LedgerCase(store);
      await c.see('ann', signal, '2026-10-31T23:59:59Z');
      const isReason = signal === 'joined' || signal === 'messaged';
      expect(await c.admit('ann', AT, REASON)).toMatchObject(
        isReason ? { outcome: 'new' } : { outcome: 'refused', code: 'no-reason-to-connect' },
      );
      expect((await c.preview('ann', AT, REASON)).months).toMatchObject([{ reason: isReason }]);
    });

    test('older months are none, and the known need none', async () => {
      const c = new LedgerCase(store);
      await c.see('old', 'messaged', '2026-09-30T09:00:00Z');
      await c.see('known', 'read', AT);
      expect(await c.admit('old', AT, REASON)).toMatchObject({ code: 'no-reason-to-connect' });
      expect(await c.admit('known', AT, REASON)).toMatchObject({ outcome: 'known' });
      expect(await c.admit('stranger', AT, REASON)).toMatchObject({
        code: 'no-reason-to-connect',
        rule: 'reason-to-connect',
      });
      expect(await c.totals('2026-11')).toMatchObject({ all: 1, refused: { 'no-reason-to-connect': 2 } });
    });

    test('it is the effective identity’s past that counts', async () => {
      const c = new LedgerCase(store);
      await c.see('guest', 'joined', '2026-10-10T09:00:00Z');
      await c.adopt('guest', 'member');
      expect(await c.admit('member', AT, REASON)).toMatchObject({ outcome: 'new', identity: 'guest' });
    });

    test('it is asked after known-only and before freeze and budget', async () => {
      const c = new LedgerCase(store);
      await c.budget('2026-11', { scopes: { all: 0 } });
      await c.freeze('2026-11', AT);
      const both = { ...REASON, knownOnly: true };
      expect(await c.admit('ann', AT, both)).toMatchObject({ code: 'lazy-connect-required' });
      expect(await c.admit('ann', AT, REASON)).toMatchObject({ code: 'no-reason-to-connect' });
      await c.see('ann', 'joined', '2026-10-10T09:00:00Z');
      expect(await c.admit('ann', AT, REASON)).toMatchObject({ code: 'new-identities-frozen' });
    });

    test('over a month’s turn, who has none for the later month gets a cut token', async () => {
      const c = new LedgerCase(store);
      await c.see('ann', 'joined', '2026-10-10T09:00:00Z');
      const cut = await c.admit('ann', '2026-11-30T23:58:00Z', REASON);
      expect(cut).toMatchObject({ outcome: 'new', expiresAt: seconds('2026-11-30T23:59:55Z') });
      await c.see('ann', 'messaged', AT);
      const whole = await c.admit('ann', '2026-11-30T23:59:00Z', REASON);
      expect(whole).toMatchObject({ outcome: 'known', expiresAt: seconds('2026-12-01T00:59:00Z') });
    });
  });
}
