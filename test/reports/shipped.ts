import {
  DEFAULT_PRICES,
  DEFAULT_RULES,
  readShippedPrices,
  readShippedRules,
} from '../../src/config/shipped-reckoning.ts';
import type { CountingRules } from '../../src/domain/counting-rules.ts';
import type { PriceTable } from '../../src/domain/price-table.ts';
import type { Reckoning } from '../../src/domain/reckoning.ts';

export function shippedRules(version: string): CountingRules {
  return found(readShippedRules().find((rules) => rules.version === version));
}

export function shippedPrices(name: string): PriceTable {
  return found(readShippedPrices().find((prices) => prices.name === name));
}

/** As without configuration. */
export const RECKONING: Reckoning = {
  rules: shippedRules(DEFAULT_RULES),
  ruleSets: readShippedRules(),
  prices: shippedPrices(DEFAULT_PRICES),
};

function found<Item>(item: Item | undefined): Item {
  if (item === undefined) throw new Error('no such file is shipped');
  return item;
}
