import { beforeAll, describe, expect, test } from '@jest/globals';
import { BUCKETS, bucketOf } from '../../../src/ledger/buckets.ts';
import type { IdentityRecord, MintRecord } from '../../../src/ledger/records.ts';
import { evidenceOf, identityOf, monthNamed } from './builders.ts';
import { type ContractStore, LedgerCase } from './ledger-case.ts';

const PEOPLE = 257;
const MONTH = monthNamed('2026-11');
const AT = '2026-11-20T09:00:00Z';

/** Letters, digits and the marks around them in ASCII: an order by locale would differ. */
function personNumber(n: number): string {
  const shapes = [`p${n}`, `P${n}`, `~${n}`, `_${n}.x`, `-${n}`];
  return shapes[n % shapes.length] ?? `p${n}`;
}

export function describePaging(store: ContractStore): void {
  describe('paging', () => {
    let c: LedgerCase;

    beforeAll(async () => {
      c = new LedgerCase(store);
      const names = Array.from({ length: PEOPLE }, (_, n) => personNumber(n));
      await Promise.all(names.map((name) => c.admit(name, AT)));
    });

    test.each([1, 7, 100, PEOPLE, 1_000])(
      'identities in pages of %d are everyone, once, in order',
      async (limit) => {
        const people = await c.people('2026-11', limit);
        const expected = Array.from({ length: PEOPLE }, (_, n) => identityOf(personNumber(n))).sort(
          (a, b) => bucketOf(a) - bucketOf(b) || Buffer.compare(Buffer.from(a), Buffer.from(b)),
        );
        expect(people.map(({ identity }) => identity)).toEqual(expected);
      },
    );

    test.each([1, 7, 100, PEOPLE, 1_000])('mints in pages of %d are all, once, in order', async (limit) => {
      const ordinals = (await c.mints('2026-11', limit)).map(({ ordinal }) => ordinal);
      expect(ordinals).toEqual(Array.from({ length: PEOPLE }, (_, n) => n + 1));
    });

    test.each([1, 100, 1_000])(
      'loose pages of about %d are everyone and all, once, in order',
      async (limit) => {
        const people: IdentityRecord[] = [];
        const mints: MintRecord[] = [];
        for (let after: string | null = null, first = true; first || after !== null; first = false) {
          const page = await c.ledger.identities(c.service, MONTH, { after, limit, loose: true });
          people.push(...page.items);
          after = page.next;
        }
        for (let after: string | null = null, first = true; first || after !== null; first = false) {
          const page = await c.ledger.mints(c.service, MONTH, { after, limit, loose: true });
          mints.push(...page.items);
          after = page.next;
        }
        expect(people).toEqual(await c.people('2026-11'));
        expect(mints).toEqual(await c.mints('2026-11'));
        expect(people).toHaveLength(PEOPLE);
      },
    );

    test('a loose page goes on from the middle of a bucket, and its end is an end for others', async () => {
      const everyone = (await c.people('2026-11')).map(({ identity }) => identity);
      const { next } = await c.ledger.identities(c.service, MONTH, { after: null, limit: 7 });
      const loose = await c.ledger.identities(c.service, MONTH, { after: next, limit: 20, loose: true });
      const strict = await c.ledger.identities(c.service, MONTH, { after: loose.next, limit: 1_000 });
      expect([...loose.items, ...strict.items].map(({ identity }) => identity)).toEqual(everyone.slice(7));
      expect(loose.items.length).toBeGreaterThan(0);
      expect(strict.next).toBeNull();
    });

    test('within a bucket the order is that of the bytes', async () => {
      const crowd = new LedgerCase(store);
      const bucket = bucketOf(identityOf('p0'));
      const names: string[] = [];
      for (let n = 0; names.length < 4; n += 1) {
        if (bucketOf(identityOf(personNumber(n))) === bucket) names.push(personNumber(n));
      }
      const pieces = [...names].reverse().map((name) => evidenceOf(name, 'read', AT));
      await crowd.ledger.record(crowd.service, pieces);
      for (const limit of [1, 2, 3, 4, 5]) {
        const found = (await crowd.people('2026-11', limit)).map(({ identity }) => String(identity));
        expect(found).toEqual([...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
      }
    });

    test.each([PEOPLE, 500])('a page of %d that holds all there are is the last', async (limit) => {
      const request = { after: null, limit };
      expect((await c.ledger.identities(c.service, MONTH, request)).next).toBeNull();
      expect((await c.ledger.mints(c.service, MONTH, request)).next).toBeNull();
    });

    test('so is one that holds all that are left, and the one before it is not', async () => {
      const request = { after: null, limit: PEOPLE - 7 };
      const people = await c.ledger.identities(c.service, MONTH, request);
      const mints = await c.ledger.mints(c.service, MONTH, request);
      const rest = [
        await c.ledger.identities(c.service, MONTH, { after: people.next, limit: 7 }),
        await c.ledger.mints(c.service, MONTH, { after: mints.next, limit: 7 }),
      ];
      expect(rest.map(({ items, next }) => [items.length, next])).toEqual([
        [7, null],
        [7, null],
      ]);
    });

    test('cursors say where a page ended', async () => {
      const { items, next } = await c.ledger.identities(c.service, MONTH, { after: null, limit: 3 });
      const last = items.at(-1)?.identity ?? identityOf('none');
      expect(next).toBe(`${bucketOf(last)}:${last}`);
      const mints = await c.ledger.mints(c.service, MONTH, { after: '20', limit: 5 });
      expect(mints.items.map(({ ordinal }) => ordinal)).toEqual([21, 22, 23, 24, 25]);
      expect(mints.next).toBe('25');
    });

    test('a cursor need not name anything that exists', async () => {
      const [, second] = await c.people('2026-11');
      if (!second) throw new Error('there are people');
      const bucket = bucketOf(second.identity);
      const after = `${bucket - 1}:zzz`;
      const page = await c.ledger.identities(c.service, MONTH, { after, limit: 1 });
      expect(bucketOf(page.items[0]?.identity ?? identityOf('none'))).toBeGreaterThanOrEqual(bucket);
      const end = { items: [], next: null };
      expect(await c.ledger.identities(c.service, MONTH, { after: `${BUCKETS - 1}:~~~~`, limit: 9 })).toEqual(
        end,
      );
      expect(await c.ledger.mints(c.service, MONTH, { after: String(PEOPLE), limit: 9 })).toEqual(end);
    });

    test('people who come while a month is read are not lost for the pages ahead', async () => {
      const crowd = new LedgerCase(store);
      const early = Array.from({ length: 20 }, (_, n) => evidenceOf(`early${n}`, 'read', AT));
      await crowd.ledger.record(crowd.service, early);
      const first = await crowd.ledger.identities(crowd.service, MONTH, { after: null, limit: 10 });
      const late = Array.from({ length: 50 }, (_, n) => evidenceOf(`late${n}`, 'read', AT));
      await crowd.ledger.record(crowd.service, late);
      const ahead = late.filter(
        ({ identity }) => `${bucketOf(identity)}`.padStart(5, '0') > bucketText(first.next),
      );
      const found = new Set<string>();
      for (let after = first.next; after !== null; ) {
        const page = await crowd.ledger.identities(crowd.service, MONTH, { after, limit: 10 });
        for (const { identity } of page.items) found.add(identity);
        after = page.next;
      }
      for (const { identity } of ahead) expect(found).toContain(identity);
    });
  });
}

function bucketText(cursor: string | null): string {
  return (cursor ?? '').split(':')[0]?.padStart(5, '0') ?? '';
}
