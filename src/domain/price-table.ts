/** Some active users of a month and what each of them costs. */
export interface PriceTier {
  /** The first user of the tier, from 1. */
  from: number;
  /** The last one; null for the last tier, which has no end. */
  upTo: number | null;
  /** Micro-dollars a user, from 0. */
  microDollars: number;
  /** Said beside every cost that reaches the tier, or null. */
  note: string | null;
}

/** What active users cost. Money is whole micro-dollars inside, so that no sum is ever rounded. */
export interface PriceTable {
  /** Named beside every cost. */
  name: string;
  currency: 'USD';
  /**
   * `flat`: one tier, every user costs the same. `graduated`: each user costs the price of the tier that they fall in.
   * `volume`: all users cost the price of the tier that their number falls in.
   */
  mode: 'flat' | 'graduated' | 'volume';
  /** Users that cost nothing, taken off before the tiers are asked. */
  freeUsers: number;
  /** Without gap or overlap, from user 1 on. */
  tiers: readonly PriceTier[];
  /** The least that a month costs, micro-dollars. */
  commitMicroDollars: number;
  /** Where the prices were read. */
  source: string;
  /** When they were read, `YYYY-MM-DD`. */
  readOn: string;
}
