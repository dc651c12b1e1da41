import { type Month, monthOf } from '../../domain/month.ts';
import type { Reckoning } from '../../domain/reckoning.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import { bitOf } from '../../domain/signal.ts';
import type { BondLedger } from '../../ledger/bonds.ts';
import type { LedgerReader, MonthTotals } from '../../ledger/ledger.ts';
import { countActiveUsers, countWith } from '../count-active-users.ts';
import { savingInDollars } from '../money/cost-of.ts';
import { countWaste, WASTE_TESTS, type WasteCount, type WasteKind } from './waste-kinds.ts';
import { buildWasteNotes } from './waste-notes.ts';

/** Identities of a month that may be billed and gave no value, and what the gateway saved. */
export interface WasteReport {
  month: Month;
  service: ServiceName;
  /** When the ledger was read, ISO-8601. */
  asOf: string;
  /** Version of the counting rules, and the name of the price table, behind the dollars. */
  rules: string;
  table: string;
  currency: 'USD';
  identities: { total: number; new: number; returning: number };
  /** One for each kind, always the same ones in the same order. An identity may be of several. */
  kinds: WasteLine[];
  /** Identities of any kind but `duplicate`, each once. */
  total: Omit<WasteLine, 'kind'>;
  savings: {
    /** Answers with a token that the person had already. */
    tokensReused: number;
    /** Token requests refused because nobody needed to connect, by code. */
    refusedByLazyConnect: Record<'lazy-connect-required' | 'no-reason-to-connect', number>;
    /** Guests whose identity a member went on with, instead of being counted as somebody new. */
    guestsAdopted: number;
    /**
     * What these would have cost more, by the low and by the high reading of the rules, as many of a hundred being
     * active as in the whole month. The rest of the savings has no price: how many people they were is not known.
     */
    cost: { low: number; high: number };
  };
  /** What must be known to read the figures right. */
  notes: string[];
}

export interface WasteLine {
  kind: WasteKind | 'duplicate';
  identities: number;
  /** What the month would cost less without them, by the low and by the high reading of the rules. */
  cost: { low: number; high: number };
}

export interface WasteQuestion {
  service: ServiceName;
  month: Month;
  nowMs: number;
  reckoning: Reckoning;
  /** Class of guests. */
  guestClass: string;
}

/** Reads totals and the pairs that are one person, never people. Rejects as the ledger does. */
export async function readWaste(
  ledger: Pick<LedgerReader, 'totals'> & Pick<BondLedger, 'merges'>,
  { service, month, nowMs, reckoning, guestClass }: WasteQuestion,
): Promise<WasteReport> {
  const [totals, merges] = await Promise.all([ledger.totals(service, month), ledger.merges(service)]);
  const price = createPricer(totals, reckoning);
  const kinds: WasteLine[] = (Object.keys(WASTE_TESTS) as WasteKind[]).map((kind) => ({
    kind,
    ...price(countWaste(totals, [kind], { guestClass, rules: reckoning.rules })),
  }));
  const duplicates = merges.filter(({ at }) => monthOf(at) === month).length;
  const returning = countWith(totals, bitOf('returning'));
  return {
    ...{ month, service, asOf: new Date(nowMs).toISOString() },
    rules: reckoning.rules.version,
    table: reckoning.prices.name,
    currency: reckoning.prices.currency,
    identities: { total: totals.all, new: totals.all - returning, returning },
    kinds: [
      ...kinds,
      { kind: 'duplicate', ...price({ identities: duplicates, low: duplicates, high: duplicates }) },
    ],
    total: price(
      countWaste(totals, Object.keys(WASTE_TESTS) as WasteKind[], { guestClass, rules: reckoning.rules }),
    ),
    savings: {
      tokensReused: totals.reused,
      refusedByLazyConnect: {
        'lazy-connect-required': totals.refused['lazy-connect-required'] ?? 0,
        'no-reason-to-connect': totals.refused['no-reason-to-connect'] ?? 0,
      },
      guestsAdopted: totals.adopted,
      cost: priceNotCounted(totals, reckoning, totals.adopted),
    },
    notes: buildWasteNotes(totals, reckoning.rules),
  };
}

/** Where conversations are billed, no identity costs anything by itself. */
function createPricer(totals: MonthTotals, { rules, prices }: Reckoning) {
  const active = countActiveUsers(totals, rules);
  const isByPerson = rules.unit === 'identities';
  const save = (users: number, surplus: number) =>
    isByPerson ? savingInDollars(prices, users, Math.min(users, surplus)) : 0;
  return ({ identities, low, high }: WasteCount) => {
    const cost = [save(active.low, low), save(active.high, high)];
    return { identities, cost: { low: Math.min(...cost), high: Math.max(...cost) } };
  };
}

/** What so many identities more would have cost. */
function priceNotCounted(totals: MonthTotals, { rules, prices }: Reckoning, identities: number) {
  if (rules.unit !== 'identities' || totals.all === 0) return { low: 0, high: 0 };
  const active = countActiveUsers(totals, rules);
  const [one, two] = [active.low, active.high].map((users) => {
    const more = Math.round((identities * users) / totals.all);
    return savingInDollars(prices, users + more, more);
  }) as [number, number];
  return { low: Math.min(one, two), high: Math.max(one, two) };
}
