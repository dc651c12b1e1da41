import type { Identity } from '../domain/identity.ts';
import type { Month } from '../domain/month.ts';
import type { PriceTable } from '../domain/price-table.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { BondLedger } from '../ledger/bonds.ts';
import type { LedgerReader } from '../ledger/ledger.ts';
import { forEachRow } from './listing.ts';
import { savingInDollars } from './money/cost-of.ts';

/** Identities of a month that may be one person, who is billed once for each. */
export interface DuplicatesReport {
  month: Month;
  service: ServiceName;
  /** When the ledger was read, ISO-8601. */
  asOf: string;
  /** Identities beyond the first of each group: how many fewer there could have been. */
  surplus: number;
  /** What the month would cost less without the surplus, US dollars. */
  cost: { currency: 'USD'; amount: number; table: string };
  /** Groups found; `items` lists the first 1000. */
  groups: number;
  items: DuplicateGroup[];
}

export interface DuplicateGroup {
  /**
   * `merge`: a member and the guest whom they had been, both counted before they were known to be one.
   * `spelling`: names that differ in case only.
   */
  kind: 'merge' | 'spelling';
  identities: Identity[];
}

export interface DuplicatesRequest {
  service: ServiceName;
  month: Month;
  /** Clock reading of the request, ms since the epoch. */
  nowMs: number;
  /** First parts of derived identities: those are keyed hashes, whose case means something. */
  prefixes: readonly string[];
  prices: PriceTable;
  /** Ends the work early. */
  signal: AbortSignal;
}

const GROUPS_LISTED_MAX = 1_000;
const HASH_CHARACTERS = 22;

/** Reads the whole month once, page by page; names that are no keyed hashes are held in memory meanwhile. */
export async function findDuplicates(
  ledger: Pick<LedgerReader, 'identities'> & Pick<BondLedger, 'merges'>,
  request: DuplicatesRequest,
): Promise<DuplicatesReport> {
  const { service, month, signal } = request;
  const merges = await ledger.merges(service);
  const awaited = new Set(merges.flatMap(({ guest, member }) => [guest, member]));
  const present = new Set<Identity>();
  const spellings = new Map<string, Identity[]>();
  const isDerived = buildDerivedTest(request.prefixes);
  let identities = 0;

  await forEachRow(
    (page) => ledger.identities(service, month, page),
    signal,
    ({ identity }) => {
      identities += 1;
      if (awaited.has(identity)) present.add(identity);
      if (!isDerived(identity)) addSpelling(spellings, identity);
    },
  );

  const items: DuplicateGroup[] = merges
    .filter(({ guest, member }) => present.has(guest) && present.has(member))
    .map(({ guest, member }) => ({ kind: 'merge', identities: [guest, member] }));
  for (const alike of spellings.values()) {
    if (alike.length > 1) items.push({ kind: 'spelling', identities: alike });
  }
  return buildReport(request, items, identities);
}

function addSpelling(spellings: Map<string, Identity[]>, identity: Identity): void {
  // NFKC changes nothing in the alphabet of identities; it is what the identity rules would do before.
  const folded = identity.normalize('NFKC').toLowerCase();
  const there = spellings.get(folded);
  if (there === undefined) spellings.set(folded, [identity]);
  else there.push(identity);
}

function buildDerivedTest(prefixes: readonly string[]): (identity: string) => boolean {
  const forms = [...new Set(prefixes)].map((prefix) => ({ prefix, length: prefix.length + HASH_CHARACTERS }));
  return (identity) =>
    forms.some(({ prefix, length }) => identity.length === length && identity.startsWith(prefix));
}

function buildReport(
  { service, month, nowMs, prices }: DuplicatesRequest,
  items: DuplicateGroup[],
  identities: number,
): DuplicatesReport {
  const surplus = items.reduce((sum, { identities }) => sum + identities.length - 1, 0);
  const { currency, name: table } = prices;
  return {
    month,
    service,
    asOf: new Date(nowMs).toISOString(),
    surplus,
    cost: { currency, amount: savingInDollars(prices, identities, surplus), table },
    groups: items.length,
    items: items.slice(0, GROUPS_LISTED_MAX),
  };
}
