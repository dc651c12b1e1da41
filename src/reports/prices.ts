/** What an active user costs. Money is whole micro-dollars inside, so that no sum is ever rounded. */
export interface PriceTable {
  /** Named beside every cost. */
  name: string;
  currency: 'USD';
  microDollarsPerActiveUser: number;
  source: string;
  /** When the price was read, `YYYY-MM-DD`. */
  readOn: string;
}

/** Every active user at the list price of the first paid step, without free users or later discounts. */
export const FLAT_PRICES: PriceTable = {
  name: 'flat',
  currency: 'USD',
  microDollarsPerActiveUser: 50_000,
  source: 'https://www.twilio.com/en-us/messaging/pricing/conversations-api',
  readOn: '2026-09-20',
};

/** Cost of a number of active users in dollars, exact to 6 decimals. */
export function costInDollars(prices: PriceTable, activeUsers: number): number {
  return (activeUsers * prices.microDollarsPerActiveUser) / 1_000_000;
}
