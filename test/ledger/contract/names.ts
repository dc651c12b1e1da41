import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { budgetOf, identityOf, monthNamed } from './builders.ts';
import { type ContractStore, LedgerCase } from './ledger-case.ts';

const AT = '2026-11-20T09:00:00Z';

/** Names that a separator, an escape, a prototype or a C string would trip over. */
const ODD_NAMES = [
  'a:b',
  'a|b=3',
  'a b',
  ' a ',
  '',
  '3',
  '-1',
  'all',
  'class:member',
  'mask:1:2',
  '#class',
  '{tag}',
  '%s%d',
  `quote'"\`;--`,
  'line\nbreak\ttab\rreturn',
  'nul\0inside',
  '\0',
  'Größe',
  '名前',
  '😀',
  'e\u0301',
  '__proto__',
  'constructor',
  'toString',
  'null',
  'x'.repeat(300),
];

const ODD_CASES = ODD_NAMES.map((name) => [JSON.stringify(name).slice(0, 40), name] as const);

export function describeNames(store: ContractStore): void {
  describe('names', () => {
    test.each(ODD_CASES)('%s may name anything', async (_, name) => {
      const c = new LedgerCase(store);
      await c.admit('ann', AT, { className: name, tenant: name, intent: name, rule: name });
      await c.admit('bob', AT);

      expect(await c.person('ann', '2026-11')).toMatchObject({ className: name, tenant: name });
      expect(await c.mints('2026-11')).toMatchObject([
        { className: name, intent: name, rule: name },
        { className: 'member', intent: 'open_chat', rule: 'allow-open-chat' },
      ]);
      const totals = await c.totals('2026-11');
      expect(Object.entries(totals.byClass).sort()).toEqual(
        [
          [name, 1],
          ['member', 1],
        ].sort(),
      );
      expect(Object.entries(totals.byTenant)).toEqual([[name, 1]]);
      expect(totals.masks.map(({ className }) => className).sort()).toEqual([name, 'member'].sort());
      const day = await c.day('2026-11-20');
      expect(Object.entries(day?.newByClass ?? {}).sort()).toEqual(
        [
          [name, 1],
          ['member', 1],
        ].sort(),
      );
    });

    test.each(ODD_CASES)('%s may have a budget', async (_, name) => {
      const c = new LedgerCase(store);
      const budget = budgetOf({
        scopes: { all: 9, [`class:${name}`]: 1, [`tenant:${name}`]: 2 },
        reserve: Object.fromEntries([[name, 1]]),
        priorities: Object.fromEntries([[name, 3]]),
      });
      await c.budget('2026-11', budget);
      expect((await c.totals('2026-11')).budget).toEqual(budget);
      expect(await c.admit('ann', AT, { className: name, tenant: name })).toMatchObject({ outcome: 'new' });
      const byClass = await c.admit('bob', AT, { className: name });
      expect(byClass).toMatchObject({ budget: `class:${name}`, limit: 1, used: 1 });
      expect(await c.admit('cleo', AT, { tenant: name })).toMatchObject({ outcome: 'new' });
      const byTenant = await c.admit('dan', AT, { tenant: name });
      expect(byTenant).toMatchObject({ budget: `tenant:${name}`, limit: 2, used: 2 });
      expect(await c.admit('dan', AT, { knownOnly: true, intent: name })).toMatchObject({ intent: name });
    });

    test('classes, tenants, intents and codes of one name are not confused', async () => {
      const c = new LedgerCase(store);
      await c.admit('ann', AT, { className: 'x', tenant: 'y' });
      await c.admit('bob', AT, { className: 'y', tenant: 'x', intent: 'x', rule: 'y' });
      await c.admit('cleo', AT, { className: 'x' });
      await c.ledger.countRefusal(c.service, 'minted', Date.parse(AT));
      await c.ledger.countRefusal(c.service, 'reused', Date.parse(AT));
      expect(await c.totals('2026-11')).toMatchObject({
        byClass: { x: 2, y: 1 },
        byTenant: { x: 1, y: 1 },
        minted: 3,
        reused: 0,
        refused: { minted: 1, reused: 1 },
      });
    });

    test('every identity that Twilio takes is kept byte by byte', async () => {
      const alphabet = [...'ABCabc019._~-'];
      const text = fc.string({ unit: fc.constantFrom(...alphabet), minLength: 1, maxLength: 256 });
      await fc.assert(
        fc.asyncProperty(fc.uniqueArray(text, { minLength: 1, maxLength: 8 }), async (texts) => {
          const c = new LedgerCase(store);
          await Promise.all(texts.map((one) => c.admit(one, AT)));
          const found = (await c.people('2026-11', 3)).map(({ identity }) => String(identity));
          expect(found.sort()).toEqual([...texts].sort());
        }),
        { numRuns: 15 },
      );
    });

    test('identities that differ in case only are two people', async () => {
      const c = new LedgerCase(store);
      await c.admit('Ann', AT);
      expect(await c.admit('ann', AT)).toMatchObject({ outcome: 'new' });
      expect(await c.totals('2026-11')).toMatchObject({ all: 2 });
    });

    test('services know nothing of each other', async () => {
      const cases = Array.from({ length: 6 }, () => new LedgerCase(store));
      const [first, second] = cases;
      if (!first || !second) throw new Error('there are six');
      await first.budget('2026-11', { mode: 'block', scopes: { all: 0 } });
      await first.freeze('2026-11', AT);
      await first.block('ann');
      await first.link('bob', 'ann');
      await first.ledger.countRefusal(first.service, 'forbidden', Date.parse(AT));
      await first.ledger.countBeacons(first.service, 1, Date.parse(AT));
      await second.see('cleo', 'read', AT);
      const answers = await Promise.all(cases.slice(1).map((c) => c.admit('bob', AT)));
      for (const answer of answers)
        expect(answer).toMatchObject({ outcome: 'new', identity: 'bob', ordinal: 1 });
      for (const c of cases.slice(2)) {
        expect(await c.totals('2026-11')).toMatchObject({
          all: 1,
          refused: {},
          beacons: 0,
          budget: null,
          frozenSince: null,
        });
        expect(await c.ledger.months(c.service)).toEqual(['2026-11']);
      }
      expect(await first.ledger.months(first.service)).toEqual([]);
      const page = { after: null, limit: 10 };
      const { items } = await first.ledger.identities(first.service, monthNamed('2026-11'), page);
      expect(items).toEqual([]);
      expect(await second.person(identityOf('cleo'), '2026-11')).toBeDefined();
    });
  });
}
