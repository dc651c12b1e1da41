import type { PriceTable, PriceTier } from '../domain/price-table.ts';
import type { Findings } from './findings.ts';
import { type PriceTableData, priceTableSchema } from './price-table-schema.ts';
import { type DataFile, parseDataFile } from './read-data-file.ts';

/** Reads the text of a file of prices; null when it is at fault, which is in `findings` then. */
export function buildPriceTable(text: string, path: string, findings: Findings): PriceTable | null {
  const file = parseDataFile(text, path, priceTableSchema, findings);
  if (file === null) return null;
  const before = findings.faults.length;
  const tiers = file.data.mode === 'flat' ? readFlat(file, findings) : readTiers(file, findings);
  if (findings.faults.length > before) return null;
  const { name, currency, mode, freeUsers, commit, source, readOn } = file.data;
  const commitMicroDollars = toMicroDollars(commit ?? 0);
  return { name, currency, mode, freeUsers: freeUsers ?? 0, tiers, commitMicroDollars, source, readOn };
}

type File = DataFile<PriceTableData>;

function readFlat({ data: { price, tiers }, place }: File, findings: Findings): PriceTier[] {
  if (price === undefined) {
    findings.fault({ ...place(['price']), expected: 'the price of a user', found: 'nothing' });
  }
  if (tiers !== undefined) {
    findings.fault({ ...place(['tiers']), expected: 'no tiers in mode flat', found: 'a list' });
  }
  return [{ from: 1, upTo: null, microDollars: toMicroDollars(price ?? 0), note: null }];
}

function readTiers({ data, place }: File, findings: Findings): PriceTier[] {
  const { mode, price, tiers = [], freeUsers } = data;
  const fault = (steps: (string | number)[], expected: string, found: string) =>
    findings.fault({ ...place(steps), expected, found });
  if (price !== undefined) fault(['price'], `no price beside tiers in mode ${mode}`, String(price));
  if (mode === 'graduated' && freeUsers !== undefined) {
    fault(['freeUsers'], 'a tier with price 0 instead, in mode graduated', String(freeUsers));
  }
  if (tiers.length === 0) fault(['tiers'], 'at least one tier', 'nothing');
  let next = 1;
  for (const [index, { from, upTo }] of tiers.entries()) {
    const objection = objectToStart(from, next, tiers[index - 1]?.from ?? 0);
    if (objection !== null) fault(['tiers', index, 'from'], String(next), `${from}: ${objection}`);
    const isLast = index === tiers.length - 1;
    if (isLast && upTo !== undefined) {
      fault(['tiers', index, 'upTo'], 'no end of the last tier, so that every number has a price', `${upTo}`);
    } else if (!isLast && upTo === undefined) {
      fault(['tiers', index, 'upTo'], 'the last user of the tier, since others follow', 'nothing');
    } else if (upTo !== undefined && upTo < from) {
      fault(['tiers', index, 'upTo'], `at least ${from}, where the tier begins`, String(upTo));
    }
    next = (upTo ?? from) + 1;
  }
  return tiers.map(({ from, upTo, price: each, note }) => ({
    ...{ from, upTo: upTo ?? null, microDollars: toMicroDollars(each), note: note ?? null },
  }));
}

/** Why a tier may not begin here, or null. */
function objectToStart(from: number, next: number, previousFrom: number): string | null {
  if (from === next) return null;
  if (from > next) {
    return `a gap: ${next === from - 1 ? `user ${next} has` : `users ${next} to ${from - 1} have`} no price`;
  }
  return from <= previousFrom ? 'the tiers are not in rising order' : 'an overlap with the tier before';
}

/** The schema allows no more than 6 decimals. */
function toMicroDollars(dollars: number): number {
  return Math.round(dollars * 1_000_000);
}
