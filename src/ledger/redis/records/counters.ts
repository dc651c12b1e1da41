import { dayNamesOf, type Month } from '../../../domain/month.ts';
import type { Limits } from '../../budget.ts';
import type { DayTotals, MonthTotals } from '../../ledger.ts';
import type { NameKey, NameOf } from '../names/names.ts';

type Fields = Record<string, string>;

/** The counter of a tenant has the name of its code. Of these alone there may be many, so they are told first and fast. */
const TENANT = 'tenant:';

function isOfTenant(field: string): field is `tenant:${string}` {
  return field.startsWith(TENANT);
}

/** The codes that the counters of a month or day name. */
export function codesInCounters(fields: Fields, wanted: Set<NameKey>): void {
  for (const field of Object.keys(fields)) {
    if (isOfTenant(field)) {
      wanted.add(field);
      continue;
    }
    const [kind, code] = field.split(':');
    if (kind === 'mask' || kind === 'new' || kind === 'class') wanted.add(`class:${code}`);
  }
}

/**
 * Reads the counters of a month, as `lua/includes/month.lua` writes them.
 *
 * @throws RangeError when one of them is no whole number
 */
export function readMonthTotals(month: Month, totals: Fields, limits: Limits, nameOf: NameOf): MonthTotals {
  const byClass = new Map<string, number>();
  const byTenant = new Map<string, number>();
  const refused = new Map<string, number>();
  const shadow = new Map<string, number>();
  const masks: MonthTotals['masks'] = [];
  for (const [field, text] of Object.entries(totals)) {
    const value = readCount(field, text);
    if (value === 0) continue;
    if (isOfTenant(field)) {
      byTenant.set(nameOf('tenant', Number(field.slice(TENANT.length))), value);
      continue;
    }
    const [kind, first, second] = field.split(':');
    if (kind === 'class') byClass.set(nameOf('class', Number(first)), value);
    else if (kind === 'refused' && value > 0) refused.set(field.slice('refused:'.length), value);
    else if (kind === 'shadow') shadow.set(field.slice('shadow:'.length), value);
    else if (kind === 'mask') {
      masks.push({ className: nameOf('class', Number(first)), mask: Number(second), identities: value });
    }
  }
  return {
    month,
    all: Number(totals['all'] ?? 0),
    // Names come from logins: `Object.fromEntries` makes plain members even of `__proto__`.
    byClass: Object.fromEntries(byClass),
    byTenant: Object.fromEntries(byTenant),
    masks,
    conversations: Number(totals['conversations'] ?? 0),
    minted: Number(totals['minted'] ?? 0),
    reused: Number(totals['reused'] ?? 0),
    adopted: Number(totals['adopted'] ?? 0),
    refused: Object.fromEntries(refused),
    shadow: Object.fromEntries(shadow),
    beacons: Number(totals['beacons'] ?? 0),
    budget: limits.budget,
    raises: limits.raises,
    frozenSince: limits.frozenSince,
  };
}

/**
 * Reads the counters of every day of a month; `days[0]` and `minted[0]`, which the month has, are the first.
 *
 * @throws RangeError when one of them is no whole number
 */
export function readDayTotals(
  month: Month,
  minted: readonly (string | null)[],
  days: readonly Fields[],
  nameOf: NameOf,
): DayTotals[] {
  return dayNamesOf(month).map((day, position) => {
    const fields = days[position] ?? {};
    const newByClass = new Map<string, number>();
    const newByHour = new Array<number>(24).fill(0);
    const refused = new Map<string, number>();
    for (const [field, text] of Object.entries(fields)) {
      const [kind, first, hour] = field.split(':');
      const count = readCount(`${field} of day ${day}`, text);
      if (kind === 'refused' && count > 0) refused.set(field.slice('refused:'.length), count);
      // Evidence of an earlier hour leaves zeros behind.
      if (kind !== 'new' || count === 0) continue;
      const className = nameOf('class', Number(first));
      newByClass.set(className, (newByClass.get(className) ?? 0) + count);
      newByHour[Number(hour)]! += count;
    }
    return {
      day: `${month}-${day}`,
      newByClass: Object.fromEntries(newByClass),
      newByHour,
      minted: readCount(`minted:${day}`, minted[position] ?? '0'),
      reused: Number(fields['reused'] ?? 0),
      refused: Object.fromEntries(refused),
      beacons: Number(fields['beacons'] ?? 0),
    };
  });
}

function readCount(field: string, text: string): number {
  const count = Number(text);
  if (text === '' || !Number.isSafeInteger(count)) throw new RangeError(`${field} is no whole number`);
  return count;
}
