import type { CountingRules } from './counting-rules.ts';
import type { PriceTable } from './price-table.ts';

/** How figures come about: by which rules active users are counted, and by which prices they cost. */
export interface Reckoning {
  /** In force unless a question names others. */
  rules: CountingRules;
  /** All that a question may name, the one in force among them; each version once. */
  ruleSets: readonly CountingRules[];
  prices: PriceTable;
}
