import { describe, expect, test } from '@jest/globals';
import type { Month } from '../../../src/domain/month.ts';
import { identityOf, monthNamed } from './builders.ts';
import { type ContractStore, LedgerCase } from './ledger-case.ts';

const AT = '2026-11-20T09:00:00Z';
const NOVEMBER = monthNamed('2026-11');

export function describeFindPeople(store: ContractStore): void {
  const find = (c: LedgerCase, people: string[], month: Month | null = NOVEMBER) =>
    c.ledger.findPeople(c.service, people.map(identityOf), month);

  describe('finding people by their own identities', () => {
    test('tells who was counted, in the order asked for', async () => {
      const c = new LedgerCase(store);
      await c.admit('ann', AT, { tenant: 'acme' });
      await c.see('bob', 'messaged', AT, { className: 'member' });
      const ann = await c.person('ann', '2026-11');
      const bob = await c.person('bob', '2026-11');
      expect(await find(c, ['bob', 'nobody', 'ann', 'bob'])).toEqual([
        { identity: 'bob', record: bob },
        { identity: 'nobody', record: null },
        { identity: 'ann', record: ann },
        { identity: 'bob', record: bob },
      ]);
      expect(ann).toMatchObject({ className: 'member', tenant: 'acme', mints: 1 });
      expect(await find(c, [])).toEqual([]);
    });

    test('follows links and adoptions, and gives nobody what another took over', async () => {
      const c = new LedgerCase(store);
      await c.link('ann', 'ann-before');
      await c.admit('ann', AT);
      await c.admit('guest', AT, { className: 'guest' });
      await c.adopt('guest', 'eve', AT);
      expect(await find(c, ['ann', 'ann-before', 'eve', 'guest'])).toMatchObject([
        { identity: 'ann-before', record: { identity: 'ann-before', mints: 1 } },
        { identity: null, record: null },
        { identity: 'guest', record: { identity: 'guest', className: 'guest' } },
        { identity: null, record: null },
      ]);
    });

    test('two who took each other’s place are each the other', async () => {
      const c = new LedgerCase(store);
      await c.link('ann', 'bob');
      await c.link('bob', 'ann');
      await c.admit('ann', AT);
      expect(await find(c, ['ann', 'bob'])).toMatchObject([
        { identity: 'bob', record: { identity: 'bob' } },
        { identity: 'ann', record: null },
      ]);
    });

    test('looks at one month only, and at none unless told', async () => {
      const c = new LedgerCase(store);
      await c.admit('ann', '2026-10-02T09:00:00Z');
      await c.link('bob', 'bob-before');
      expect(await find(c, ['ann'], monthNamed('2026-10'))).toMatchObject([{ record: { mints: 1 } }]);
      expect(await find(c, ['ann'])).toEqual([{ identity: 'ann', record: null }]);
      expect(await find(c, ['ann', 'bob'], null)).toEqual([
        { identity: 'ann', record: null },
        { identity: 'bob-before', record: null },
      ]);
    });

    test('knows nobody who was erased, by none of their names', async () => {
      const c = new LedgerCase(store);
      await c.link('ann', 'ann-before');
      await c.admit('ann', AT);
      const erasures = ['ann', 'ann-before'].map((name, at) => ({
        identity: identityOf(name),
        pseudonym: identityOf(`erased_${at}`),
      }));
      await c.change({ kind: 'erase', erasures });
      expect(await find(c, ['ann', 'ann-before'])).toEqual([
        { identity: 'ann', record: null },
        { identity: 'ann-before', record: null },
      ]);
    });

    test('a thousand at once are those of the month', async () => {
      const c = new LedgerCase(store);
      const names = Array.from({ length: 1_000 }, (_, at) => `person-${at}`);
      await Promise.all(names.filter((_, at) => at % 2 === 0).map((name) => c.admit(name, AT)));
      const found = (await find(c, names)).flatMap(({ record }) => record ?? []);
      const people = await c.people('2026-11');
      const byName = (one: { identity: string }, two: { identity: string }) =>
        one.identity < two.identity ? -1 : 1;
      expect(found.toSorted(byName)).toEqual(people.toSorted(byName));
      expect(found).toHaveLength(500);
    });
  });
}
