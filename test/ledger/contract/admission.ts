import { describe, expect, test } from '@jest/globals';
import { bitOf } from '../../../src/domain/signal.ts';
import { seconds } from './builders.ts';
import { type ContractStore, LedgerCase } from './ledger-case.ts';

const MORNING = '2026-11-20T09:07:42.500Z';
const AFTERNOON = '2026-11-20T15:00:00Z';
const NEXT_DAY = '2026-11-21T00:00:00Z';

export function describeAdmission(store: ContractStore): void {
  describe('admission', () => {
    test('a first mint counts the person and answers what to sign', async () => {
      const c = new LedgerCase(store);
      expect(await c.admit('ann', MORNING)).toEqual({
        outcome: 'new',
        identity: 'ann',
        issuedAt: seconds(MORNING),
        expiresAt: seconds(MORNING) + 3_600,
        ordinal: 1,
        month: '2026-11',
      });
      expect(await c.totals('2026-11')).toEqual({
        month: '2026-11',
        all: 1,
        byClass: { member: 1 },
        byTenant: {},
        masks: [{ className: 'member', mask: bitOf('minted'), identities: 1 }],
        minted: 1,
        reused: 0,
        adopted: 0,
        refused: {},
        shadow: {},
        beacons: 0,
        conversations: 0,
        budget: null,
        raises: [],
        frozenSince: null,
      });
    });

    test('a first mint leaves a record', async () => {
      const c = new LedgerCase(store);
      await c.admit('ann', MORNING, { className: 'agent', tenant: 'acme' });
      expect(await c.people('2026-11')).toEqual([
        {
          identity: 'ann',
          className: 'agent',
          tenant: 'acme',
          firstSeen: seconds(MORNING),
          lastSeen: seconds(MORNING),
          mints: 1,
          mask: bitOf('minted'),
          signals: [{ signal: 'minted', firstAt: seconds('2026-11-20T09:07:00Z'), source: 'gateway' }],
        },
      ]);
    });

    test('a later mint finds the person known and counts only the mint', async () => {
      const c = new LedgerCase(store);
      await c.admit('ann', MORNING);
      const again = await c.admit('ann', AFTERNOON);
      expect(again).toMatchObject({ outcome: 'known', issuedAt: seconds(AFTERNOON), ordinal: 2 });
      expect(await c.totals('2026-11')).toMatchObject({
        all: 1,
        byClass: { member: 1 },
        minted: 2,
        reused: 0,
        adopted: 0,
      });
      expect(await c.person('ann', '2026-11')).toMatchObject({
        firstSeen: seconds(MORNING),
        lastSeen: seconds(AFTERNOON),
        mints: 2,
        mask: bitOf('minted'),
      });
    });

    test('a mint with an earlier clock does not move the last instant back', async () => {
      const c = new LedgerCase(store);
      await c.admit('ann', AFTERNOON);
      await c.admit('ann', MORNING, { policyMark: 2 });
      expect(await c.person('ann', '2026-11')).toMatchObject({ lastSeen: seconds(AFTERNOON), mints: 2 });
    });

    test('a mint on a second day marks the person', async () => {
      const c = new LedgerCase(store);
      await c.admit('ann', MORNING);
      await c.admit('ann', NEXT_DAY);
      const mask = bitOf('minted') | bitOf('again');
      expect(await c.person('ann', '2026-11')).toMatchObject({ mask });
      const { masks } = await c.totals('2026-11');
      expect(masks).toEqual([{ className: 'member', mask, identities: 1 }]);
    });

    test('class and tenant are those of the first admission of the month', async () => {
      const c = new LedgerCase(store);
      await c.admit('ann', MORNING, { className: 'guest', tenant: 'acme' });
      await c.admit('ann', AFTERNOON, { className: 'member', tenant: 'zen' });
      expect(await c.totals('2026-11')).toMatchObject({ byClass: { guest: 1 }, byTenant: { acme: 1 } });
      const mints = await c.mints('2026-11');
      expect(mints.map(({ className }) => className)).toEqual(['guest', 'guest']);
    });

    test('only the first mint says whether the tab was hidden', async () => {
      const c = new LedgerCase(store);
      await c.admit('ann', MORNING, { hidden: true });
      await c.admit('bob', MORNING);
      await c.admit('bob', AFTERNOON, { hidden: true });
      expect(await c.person('ann', '2026-11')).toMatchObject({ mask: bitOf('minted') | bitOf('hidden') });
      expect(await c.person('bob', '2026-11')).toMatchObject({ mask: bitOf('minted') });
    });

    test('a person of the month before is marked as returning', async () => {
      const c = new LedgerCase(store);
      await c.admit('ann', '2026-10-02T10:00:00Z');
      await c.see('bob', 'read', '2026-10-31T23:59:59Z');
      await c.admit('old', '2026-09-30T10:00:00Z');
      for (const person of ['ann', 'bob', 'old']) await c.admit(person, MORNING);
      const returning = bitOf('minted') | bitOf('returning');
      expect(await c.person('ann', '2026-11')).toMatchObject({ mask: returning });
      expect(await c.person('bob', '2026-11')).toMatchObject({ mask: returning });
      expect(await c.person('old', '2026-11')).toMatchObject({ mask: bitOf('minted') });
    });

    test('a mint after evidence adds its signal to the record and moves the histogram', async () => {
      const c = new LedgerCase(store);
      await c.see('ann', 'joined', MORNING, { className: 'unknown' });
      const admitted = await c.admit('ann', AFTERNOON, { hidden: true, tenant: 'acme' });
      expect(admitted).toMatchObject({ outcome: 'known', ordinal: 1 });
      const mask = bitOf('joined') | bitOf('minted') | bitOf('hidden');
      expect(await c.person('ann', '2026-11')).toEqual({
        identity: 'ann',
        className: 'unknown',
        tenant: null,
        firstSeen: seconds(MORNING),
        lastSeen: seconds(AFTERNOON),
        mints: 1,
        mask,
        signals: [
          { signal: 'minted', firstAt: seconds(AFTERNOON), source: 'gateway' },
          { signal: 'joined', firstAt: seconds('2026-11-20T09:07:00Z'), source: 'webhook' },
        ],
      });
      expect(await c.totals('2026-11')).toMatchObject({
        all: 1,
        byTenant: {},
        masks: [{ className: 'unknown', mask, identities: 1 }],
      });
    });

    test('each mint is in the log, with who asked and why', async () => {
      const c = new LedgerCase(store);
      await c.admit('ann', MORNING, { intent: 'notification', rule: 'reason-given', ttlSeconds: 300 });
      await c.admit('ann', AFTERNOON);
      const shared = { identity: 'ann', subject: 'ann', className: 'member' };
      expect(await c.mints('2026-11')).toEqual([
        {
          ...shared,
          ordinal: 1,
          issuedAt: seconds(MORNING),
          expiresAt: seconds(MORNING) + 300,
          intent: 'notification',
          outcome: 'new',
          rule: 'reason-given',
        },
        {
          ...shared,
          ordinal: 2,
          issuedAt: seconds(AFTERNOON),
          expiresAt: seconds(AFTERNOON) + 3_600,
          intent: 'open_chat',
          outcome: 'known',
          rule: 'allow-open-chat',
        },
      ]);
    });

    test('only people already in the month are served when the policy says so', async () => {
      const c = new LedgerCase(store);
      await c.see('bob', 'messaged', MORNING);
      const refused = await c.admit('ann', AFTERNOON, { intent: 'refresh', knownOnly: true });
      expect(refused).toMatchObject({ outcome: 'refused', code: 'lazy-connect-required', intent: 'refresh' });
      expect(refused).toHaveProperty('allowedIntents', []);
      expect(await c.admit('bob', AFTERNOON, { knownOnly: true })).toMatchObject({ outcome: 'known' });
      expect(await c.totals('2026-11')).toMatchObject({ all: 1, refused: { 'lazy-connect-required': 1 } });
    });

    test('a refusal that is withdrawn is not counted, nor on its day', async () => {
      const c = new LedgerCase(store);
      for (const who of ['ann', 'bob']) await c.admit(who, MORNING, { knownOnly: true });
      for (const left of [{ 'lazy-connect-required': 1 }, {}]) {
        await c.ledger.withdrawRefusal(c.service, 'lazy-connect-required', Date.parse(MORNING));
        expect((await c.totals('2026-11')).refused).toEqual(left);
        expect((await c.day('2026-11-20'))?.refused).toEqual(left);
      }
    });

    test('refusals that policy made are counted by code and day', async () => {
      const c = new LedgerCase(store);
      await c.ledger.countRefusal(c.service, 'no-reason-to-connect', Date.parse(MORNING));
      await c.ledger.countRefusal(c.service, 'no-reason-to-connect', Date.parse('2026-11-20T23:59:59.999Z'));
      await c.ledger.countRefusal(c.service, 'forbidden', Date.parse(NEXT_DAY));
      expect(await c.totals('2026-11')).toMatchObject({
        all: 0,
        minted: 0,
        refused: { 'no-reason-to-connect': 2, forbidden: 1 },
      });
      expect(await c.day('2026-11-20')).toMatchObject({ refused: { 'no-reason-to-connect': 2 } });
      expect(await c.day('2026-11-21')).toMatchObject({ refused: { forbidden: 1 } });
      expect(await c.ledger.months(c.service)).toEqual([]);
    });
  });
}
