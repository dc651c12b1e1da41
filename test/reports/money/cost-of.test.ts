import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { PriceTable } from '../../../src/domain/price-table.ts';
import {
  costInDollars,
  costOf,
  costRange,
  priceNotes,
  savingInDollars,
} from '../../../src/reports/money/cost-of.ts';
import { shippedPrices } from '../shipped.ts';

const FLAT = shippedPrices('flat');
const PUBLIC = shippedPrices('twilio-public-2026-09');

function table(parts: Partial<PriceTable>): PriceTable {
  return { ...FLAT, name: 'ours', ...parts };
}

describe('the cost of users', () => {
  test.each([
    ...[0, 1, 100, 2_000, 10_000].map((users) => [users, users * 0.05] as const),
    [123, 6.15],
    [1_000_000_000, 50_000_000],
  ])('flat: %i users cost $%d', (users, dollars) => {
    expect(costInDollars(FLAT, users)).toBe(dollars);
  });

  test.each([
    [0, 0],
    [200, 0],
    [201, 0.05],
    [5_000, 240],
    [5_001, 240.0475],
    [10_000, 477.5],
    [10_001, 477.545],
    [20_000, 927.5],
    [20_001, 927.545],
    [1_000_000, 45_027.5],
  ])('public list, graduated: %i users cost $%d', (users, dollars) => {
    expect(costInDollars(PUBLIC, users)).toBe(dollars);
  });

  test.each([
    [5_000, 250],
    [5_001, 237.5475],
    [10_000, 475],
  ])('volume: %i users cost $%d, all of them at one price', (users, dollars) => {
    const tiers = [
      { from: 1, upTo: 5_000, microDollars: 50_000, note: null },
      { from: 5_001, upTo: null, microDollars: 47_500, note: null },
    ];
    expect(costInDollars(table({ mode: 'volume', tiers }), users)).toBe(dollars);
  });

  test('free users are taken off, and a commitment is paid in any case', () => {
    const prices = table({ freeUsers: 200, commitMicroDollars: 25_000_000 });
    expect([0, 200, 700, 701].map((users) => costInDollars(prices, users))).toEqual([25, 25, 25, 25.05]);
  });

  test('a missing price is said from the user on where it is missing', () => {
    expect(priceNotes(PUBLIC, 20_000)).toEqual([]);
    expect(priceNotes(PUBLIC, 20_001)).toEqual([expect.stringContaining('contact sales')]);
  });

  test('of a range is rising even where more users cost less', () => {
    const tiers = [
      { from: 1, upTo: 100, microDollars: 1_000_000, note: null },
      { from: 101, upTo: null, microDollars: 500_000, note: null },
    ];
    const prices = table({ mode: 'volume', tiers });
    expect(costRange(prices, { low: 100, high: 101 })).toEqual({
      currency: 'USD',
      low: 50.5,
      high: 100,
      table: 'ours',
    });
    expect(costRange(prices, { low: 90, high: 150 })).toMatchObject({ low: 50.5, high: 100 });
    const withFree = { ...prices, freeUsers: 10 };
    expect(costRange(withFree, { low: 100, high: 160 })).toMatchObject({ low: 50.5, high: 100 });
    expect(savingInDollars(prices, 101, 1)).toBe(0);
  });
});

/** Any valid graduated or volume table. */
const tables = fc
  .record({
    mode: fc.constantFrom('graduated' as const, 'volume' as const),
    widths: fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 6 }),
    prices: fc.array(fc.integer({ min: 0, max: 1_000_000_000 }), { minLength: 6, maxLength: 6 }),
    commitMicroDollars: fc.nat(1_000_000_000),
  })
  .map(({ mode, widths, prices, commitMicroDollars }) => {
    let from = 1;
    const tiers = widths.map((width, index) => {
      const tier = { from, upTo: index === widths.length - 1 ? null : from + width - 1 };
      from += width;
      return { ...tier, microDollars: prices[index]!, note: null };
    });
    return table({ mode, tiers, commitMicroDollars });
  });

test('graduated prices equal a sum user by user, volume prices one product', () => {
  fc.assert(
    fc.property(tables, fc.nat(3_000), (prices, users) => {
      const priceOf = (user: number) =>
        prices.tiers.find(({ from, upTo }) => user >= from && user <= (upTo ?? user))!.microDollars;
      let sum = 0n;
      for (let user = 1; user <= users; user += 1) {
        sum += BigInt(priceOf(prices.mode === 'graduated' ? user : users));
      }
      const commit = BigInt(prices.commitMicroDollars);
      expect(costOf(prices, users)).toBe(sum > commit ? sum : commit);
    }),
    { numRuns: 60 },
  );
});

test('graduated prices never fall with users, and savings add up to the bill', () => {
  fc.assert(
    fc.property(tables, fc.nat(1_000_000), fc.nat(1_000), (any, users, more) => {
      const prices: PriceTable = { ...any, mode: 'graduated', commitMicroDollars: 0 };
      const dollars = costInDollars(prices, users + more);
      expect(dollars).toBeGreaterThanOrEqual(costInDollars(prices, users));
      expect(savingInDollars(prices, users + more, users + more)).toBe(dollars);
    }),
  );
});
