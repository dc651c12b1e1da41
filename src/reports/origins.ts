import { bitOf } from '../domain/signal.ts';
import type { MonthTotals } from '../ledger/ledger.ts';

/** How the identities of a class came into the month; the three parts add up to all of them. */
export interface ClassOrigin {
  className: string;
  identities: number;
  /** Got a token from this gateway. */
  withToken: number;
  /** Were seen to connect without one: another app of the account signs tokens, or they had one of before. */
  otherToken: number;
  /** Known by what Twilio told alone: REST writes, members that were added, phone numbers. */
  byEvents: number;
}

export interface Origins {
  /** Those with the most identities first. */
  classes: ClassOrigin[];
  /** Those with the most identities first, some at most; empty where no login names a tenant. */
  tenants: { tenant: string; identities: number }[];
  /** How many tenants there are beside those. */
  tenantsMore: number;
}

const TENANTS_SHOWN = 6;

/**
 * Where the identities of a month came from: sums over its histogram, without a look at anybody.
 *
 * @param known classes that are listed also when nobody of them was seen
 */
export function countOrigins(
  { masks, byTenant }: Pick<MonthTotals, 'masks' | 'byTenant'>,
  known: readonly string[],
): Origins {
  const classes = new Map(known.map((name) => [name, emptyOrigin(name)]));
  for (const { className, mask, identities } of masks) {
    const row = classes.get(className) ?? emptyOrigin(className);
    row.identities += identities;
    row[originOf(mask)] += identities;
    classes.set(className, row);
  }
  const tenants = Object.entries(byTenant)
    .filter(([, identities]) => identities > 0)
    .map(([tenant, identities]) => ({ tenant, identities }))
    .sort(byIdentities);
  return {
    classes: [...classes.values()].sort(byIdentities),
    tenants: tenants.slice(0, TENANTS_SHOWN),
    tenantsMore: Math.max(0, tenants.length - TENANTS_SHOWN),
  };
}

function emptyOrigin(className: string): ClassOrigin {
  return { className, identities: 0, withToken: 0, otherToken: 0, byEvents: 0 };
}

function originOf(mask: number): 'withToken' | 'otherToken' | 'byEvents' {
  if (mask & bitOf('minted')) return 'withToken';
  return mask & bitOf('connected') ? 'otherToken' : 'byEvents';
}

function byIdentities(one: { identities: number }, other: { identities: number }): number {
  return other.identities - one.identities;
}
