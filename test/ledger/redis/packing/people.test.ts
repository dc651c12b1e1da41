// Only the ledger on Redis packs people into bytes.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { monthStartSeconds } from '../../../../src/domain/month.ts';
import { bitOf } from '../../../../src/domain/signal.ts';
import { bucketOf } from '../../../../src/ledger/buckets.ts';
import type { IdentityRecord } from '../../../../src/ledger/records.ts';
import { createServiceKeys } from '../../../../src/ledger/redis/keys.ts';
import { LedgerCase } from '../../contract/ledger-case.ts';
import { months, numberUpTo, RUNS, recordIn, secondIn, U24_MAX, usePackingStore } from './packing-kit.ts';

/** Up to so many bytes Redis keeps a bucket as a listpack. */
const LISTPACK_BYTES_MAX = 64;
const DAY = 86_400;

const store = usePackingStore();

const byIdentity = (one: IdentityRecord, other: IdentityRecord) => (one.identity < other.identity ? -1 : 1);

test('people who are put back are read as they were, and the script counts them by what their bytes say', async () => {
  const people = months.chain((month) =>
    fc.tuple(
      fc.constant(month),
      fc.uniqueArray(recordIn(month), {
        ...{ minLength: 1, maxLength: 8, selector: ({ identity }) => identity },
      }),
    ),
  );
  await fc.assert(
    fc.asyncProperty(people, async ([month, records]) => {
      const c = new LedgerCase(store);
      await c.ledger.retention.restorePeople(c.service, month, records, 'count');
      expect((await c.people(month)).sort(byIdentity)).toEqual(records.toSorted(byIdentity));

      const { all, masks, byTenant } = await c.totals(month);
      expect(all).toBe(records.length);
      expect(new Map(masks.map((one) => [`${one.mask} ${one.className}`, one.identities]))).toEqual(
        countMasks(records),
      );
      const ofTenants = records.filter(({ tenant }) => tenant !== null);
      expect(Object.values(byTenant).reduce((sum, count) => sum + count, 0)).toBe(ofTenants.length);
    }),
    RUNS,
  );
});

function countMasks(records: readonly IdentityRecord[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { className, mask } of records) {
    const key = `${mask} ${className}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

test('a mint changes of a record what it says, and no byte beside that', async () => {
  const cases = months.chain((month) =>
    fc.record({
      ...{ month: fc.constant(month), before: recordIn(month), at: secondIn(month) },
      ...{ life: numberUpTo(U24_MAX - 1).map((life) => life + 1), policyMark: numberUpTo(U24_MAX) },
    }),
  );
  await fc.assert(
    fc.asyncProperty(cases, async ({ month, before, at, life, policyMark }) => {
      const c = new LedgerCase(store);
      await c.ledger.retention.restorePeople(c.service, month, [before], 'count');
      const { identity, className, tenant } = before;
      const request = {
        ...c.request(identity, '2026-11-20T09:00:00Z', { className, tenant, policyMark }),
        life: { issuedAt: at, expiresAt: at + life, month, otherMonth: null },
      };
      const answer = await c.ledger.admit(request);
      expect(answer).toMatchObject({ outcome: 'known', ordinal: 1, issuedAt: at });

      expect(await c.people(month)).toEqual([afterMint(before, at, monthStartSeconds(month))]);
      const bytes = await store.admin.hgetBuffer(
        createServiceKeys('mg', c.service).people(month, bucketOf(identity)),
        identity,
      );
      expect(bytes?.length).toBeLessThanOrEqual(LISTPACK_BYTES_MAX);
      // The last token stands in the record, too, and is handed out again.
      expect(await c.ledger.admit(request)).toEqual({ ...answer, outcome: 'reuse' });
    }),
    RUNS,
  );
});

function afterMint(before: IdentityRecord, at: number, starts: number): IdentityRecord {
  const dayOf = (seconds: number) => Math.floor((seconds - starts) / DAY);
  const isFirst = (before.mask & bitOf('minted')) === 0;
  const minted = { signal: 'minted', firstAt: at - (at % 60), source: 'gateway' } as const;
  return {
    ...before,
    lastSeen: Math.max(before.lastSeen, at),
    mints: Math.min(before.mints + 1, U24_MAX),
    mask: before.mask | bitOf('minted') | (dayOf(before.firstSeen) === dayOf(at) ? 0 : bitOf('again')),
    signals: isFirst ? [minted, ...before.signals] : before.signals,
  };
}
