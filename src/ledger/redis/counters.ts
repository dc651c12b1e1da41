import { daysInMonth, type Month } from '../../domain/month.ts';
import type { BudgetScope } from '../../domain/refusal.ts';
import type { Budget, DayTotals, MonthTotals } from '../ledger.ts';
import type { NameKey, NameKind, NameOf } from './names.ts';
import type { CodeOf } from './packing.ts';

type Fields = Record<string, string>;

/** The codes that the counters of a month or day name. */
export function codesInCounters(fields: Fields, wanted: Set<NameKey>): void {
  for (const field of Object.keys(fields)) {
    const [kind, code] = field.split(':');
    if (kind === 'mask' || kind === 'new' || kind === 'class') wanted.add(`class:${code}`);
    if (kind === 'tenant') wanted.add(`tenant:${code}`);
  }
}

/** The codes that the budgets name. */
export function codesInLimits(limits: Fields, wanted: Set<NameKey>): void {
  for (const text of Object.values(limits)) {
    for (const [scope] of text.matchAll(/(?:class|tenant):\d+/g)) wanted.add(scope as NameKey);
  }
}

/** Reads the counters of a month, as `lua/includes/month.lua` writes them. */
export function readMonthTotals(month: Month, totals: Fields, limits: Fields, nameOf: NameOf): MonthTotals {
  const byClass = new Map<string, number>();
  const byTenant = new Map<string, number>();
  const refused = new Map<string, number>();
  const masks: MonthTotals['masks'] = [];
  for (const [field, text] of Object.entries(totals)) {
    const [kind, first, second] = field.split(':');
    const value = Number(text);
    if (value === 0) continue;
    if (kind === 'class') byClass.set(nameOf('class', Number(first)), value);
    else if (kind === 'tenant') byTenant.set(nameOf('tenant', Number(first)), value);
    else if (kind === 'refused') refused.set(field.slice('refused:'.length), value);
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
    minted: Number(totals['minted'] ?? 0),
    reused: Number(totals['reused'] ?? 0),
    refused: Object.fromEntries(refused),
    budget: parseBudget(latestUpTo(month, 'budget', limits), nameOf),
    frozenSince: latestUpTo(month, 'freeze', limits) || null,
  };
}

/** Reads the counters of every day of a month; `days[0]` is the first. */
export function readDayTotals(
  month: Month,
  totals: Fields,
  days: readonly Fields[],
  nameOf: NameOf,
): DayTotals[] {
  return Array.from({ length: daysInMonth(month) }, (_, position) => {
    const day = String(position + 1).padStart(2, '0');
    const fields = days[position] ?? {};
    const newByClass = new Map<string, number>();
    const newByHour = new Array<number>(24).fill(0);
    const refused = new Map<string, number>();
    for (const [field, text] of Object.entries(fields)) {
      const [kind, first, hour] = field.split(':');
      if (kind === 'refused') refused.set(field.slice('refused:'.length), Number(text));
      if (kind !== 'new') continue;
      const className = nameOf('class', Number(first));
      newByClass.set(className, (newByClass.get(className) ?? 0) + Number(text));
      newByHour[Number(hour)]! += Number(text);
    }
    return {
      day: `${month}-${day}`,
      newByClass: Object.fromEntries(newByClass),
      newByHour,
      minted: Number(totals[`minted:${day}`] ?? 0),
      reused: Number(fields['reused'] ?? 0),
      refused: Object.fromEntries(refused),
    };
  });
}

/** The names of classes and tenants in a budget's scopes, to be interned before {@link formatBudget}. */
export function namesInBudget(budget: Budget | null): NameKey[] {
  return Object.keys(budget?.scopes ?? {}).filter((scope): scope is NameKey => scope !== 'all');
}

/** The budget as the admission script reads it: `<mode>|<scope>=<limit>|…`, scopes by code; empty for none. */
export function formatBudget(budget: Budget | null, codeOf: CodeOf): string {
  if (budget === null) return '';
  const scopes = Object.entries(budget.scopes).map(([scope, limit]) => {
    const [kind, name] = splitScope(scope);
    return `${kind === 'all' ? 'all' : `${kind}:${codeOf(kind, name)}`}=${limit}`;
  });
  return [budget.mode, ...scopes].join('|');
}

function parseBudget(text: string, nameOf: NameOf): Budget | null {
  if (text === '') return null;
  const [mode, ...parts] = text.split('|');
  const scopes = parts.map((part): [BudgetScope, number] => {
    const [scope, limit] = part.split('=') as [string, string];
    const [kind, code] = splitScope(scope);
    return [kind === 'all' ? 'all' : (`${kind}:${nameOf(kind, Number(code))}` as BudgetScope), Number(limit)];
  });
  return { mode: mode as Budget['mode'], scopes: Object.fromEntries(scopes) };
}

function splitScope(scope: string): [kind: 'all' | NameKind, rest: string] {
  const colon = scope.indexOf(':');
  return colon < 0 ? ['all', ''] : [scope.slice(0, colon) as NameKind, scope.slice(colon + 1)];
}

/** What was set last for a month or one before it; empty when nothing was. */
function latestUpTo(month: Month, kind: 'budget' | 'freeze', limits: Fields): string {
  const from = Object.keys(limits)
    .filter((field) => field.startsWith(`${kind}:`) && field.slice(kind.length + 1) <= month)
    .sort()
    .at(-1);
  return from === undefined ? '' : (limits[from] ?? '');
}
