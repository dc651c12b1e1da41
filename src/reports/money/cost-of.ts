import type { PriceTable, PriceTier } from '../../domain/price-table.ts';

/** Micro-dollars of so many active users, exact at any size. At least the table's commitment. */
export function costOf(prices: PriceTable, users: number): bigint {
  const used = sumTiers(prices, Math.max(0, users - prices.freeUsers));
  const commit = BigInt(prices.commitMicroDollars);
  return used < commit ? commit : used;
}

/** The same in US dollars, 6 decimals. */
export function costInDollars(prices: PriceTable, users: number): number {
  return toDollars(costOf(prices, users));
}

/**
 * The least and the most that any number of users from `low` to `high` costs: with volume prices the first users of a
 * cheaper tier cost less than the last ones of the tier before.
 */
export function costRange(
  prices: PriceTable,
  { low, high }: { low: number; high: number },
): { currency: 'USD'; low: number; high: number; table: string } {
  const edges = prices.tiers.flatMap(({ from, upTo }) => (upTo === null ? [from] : [from, upTo]));
  const within = edges.map((edge) => edge + prices.freeUsers).filter((users) => users > low && users < high);
  const costs = [low, high, ...within].map((users) => costInDollars(prices, users));
  return {
    ...{ currency: prices.currency, low: Math.min(...costs), high: Math.max(...costs) },
    table: prices.name,
  };
}

/**
 * What the bill would be less, in US dollars, with `surplus` of `users` users fewer: they count at the price of the
 * last users, not at the mean. Never below 0, although with volume prices fewer users may cost more.
 */
export function savingInDollars(prices: PriceTable, users: number, surplus: number): number {
  const saving = costOf(prices, users) - costOf(prices, Math.max(0, users - surplus));
  return toDollars(saving < 0n ? 0n : saving);
}

/** What a table says beside the cost of so many users, such as that a price is missing there. */
export function priceNotes(prices: PriceTable, users: number): string[] {
  const billed = Math.max(0, users - prices.freeUsers);
  return prices.tiers.flatMap(({ from, note }) => (note !== null && billed >= from ? [note] : []));
}

export function toDollars(microDollars: bigint): number {
  return Number(microDollars) / 1_000_000;
}

function sumTiers({ mode, tiers }: PriceTable, users: number): bigint {
  switch (mode) {
    case 'flat':
    case 'volume': {
      const tier = tiers.find((candidate) => users >= candidate.from && users <= endOf(candidate));
      return BigInt(users) * BigInt(tier?.microDollars ?? 0);
    }
    case 'graduated':
      return tiers.reduce((sum, tier) => {
        const within = Math.max(0, Math.min(users, endOf(tier)) - tier.from + 1);
        return sum + BigInt(within) * BigInt(tier.microDollars);
      }, 0n);
  }
}

function endOf({ upTo }: PriceTier): number {
  return upTo ?? Number.POSITIVE_INFINITY;
}
