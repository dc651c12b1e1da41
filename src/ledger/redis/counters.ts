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
  const result: MonthTotals = {
    month,
    all: Number(totals['all'] ?? 0),
    byClass: {},
    byTenant: {},
    masks: [],
    minted: Number(totals['minted'] ?? 0),
    reused: Number(totals['reused'] ?? 0),
    refused: {},
    budget: parseBudget(latestUpTo(month, 'budget', limits), nameOf),
    frozenSince: latestUpTo(month, 'freeze', limits) || null,
  };
  for (const [field, text] of Object.entries(totals)) {
    const [kind, first, second] = field.split(':');
    const value = Number(text);
    if (value === 0) continue;
    if (kind === 'class') result.byClass[nameOf('class', Number(first))] = value;
    else if (kind === 'tenant') result.byTenant[nameOf('tenant', Number(first))] = value;
    else if (kind === 'refused') result.refused[first!] = value;
    else if (kind === 'mask') {
      result.masks.push({ className: nameOf('class', Number(first)), mask: Number(second), identities: value });
    }
  }
  return result;
}

/** Reads the counters of every day of a month; `days[0]` is the first. */
export function readDayTotals(month: Month, days: readonly Fields[], nameOf: NameOf): DayTotals[] {
  return Array.from({ length: daysInMonth(month) }, (_, position) => {
    const fields = days[position] ?? {};
    const row: DayTotals = {
      day: `${month}-${String(position + 1).padStart(2, '0')}`,
      newByClass: {},
      newByHour: new Array<number>(24).fill(0),
      minted: Number(fields['minted'] ?? 0),
      reused: Number(fields['reused'] ?? 0),
      refused: {},
    };
    for (const [field, text] of Object.entries(fields)) {
      const [kind, first, hour] = field.split(':');
      if (kind === 'refused') row.refused[first!] = Number(text);
      if (kind !== 'new') continue;
      const className = nameOf('class', Number(first));
      row.newByClass[className] = (row.newByClass[className] ?? 0) + Number(text);
      row.newByHour[Number(hour)]! += Number(text);
    }
    return row;
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
    return `${name === '' ? kind : `${kind}:${codeOf(kind as NameKind, name)}`}=${limit}`;
  });
  return [budget.mode, ...scopes].join('|');
}

function parseBudget(text: string, nameOf: NameOf): Budget | null {
  if (text === '') return null;
  const [mode, ...parts] = text.split('|');
  const budget: Budget = { mode: mode as Budget['mode'], scopes: {} };
  for (const part of parts) {
    const [scope, limit] = part.split('=') as [string, string];
    const [kind, code] = splitScope(scope);
    const name = code === '' ? kind : `${kind}:${nameOf(kind as NameKind, Number(code))}`;
    budget.scopes[name as BudgetScope] = Number(limit);
  }
  return budget;
}

function splitScope(scope: string): [kind: string, rest: string] {
  const colon = scope.indexOf(':');
  return colon < 0 ? [scope, ''] : [scope.slice(0, colon), scope.slice(colon + 1)];
}

/** What was set last for a month or one before it; empty when nothing was. */
function latestUpTo(month: Month, kind: 'budget' | 'freeze', limits: Fields): string {
  const from = Object.keys(limits)
    .filter((field) => field.startsWith(`${kind}:`) && field.slice(kind.length + 1) <= month)
    .sort()
    .at(-1);
  return from === undefined ? '' : (limits[from] ?? '');
}
