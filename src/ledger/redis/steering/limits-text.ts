import { type Month, monthStartSeconds } from '../../../domain/month.ts';
import type { BudgetScope } from '../../../domain/refusal.ts';
import type { Budget, Limits, Raise, SpikeGuard } from '../../budget.ts';
import type { CodeOf, NameKey, NameKind, NameOf } from '../names/names.ts';

/*
 * Budgets and raises as `lua/includes/limits.lua` reads them; the formats stand there.
 */

type Fields = Record<string, string>;

/** Names of classes and tenants in a budget, to be interned before {@link formatBudget}. */
export function namesInBudget(budget: Budget | null): NameKey[] {
  if (budget === null) return [];
  const scopes = Object.keys(budget.scopes).filter((scope) => scope !== 'all' && scope !== 'tenant:*');
  const classes = [...Object.keys(budget.reserve), ...Object.keys(budget.priorities)];
  return [...new Set([...(scopes as NameKey[]), ...classes.map((name): NameKey => `class:${name}`)])];
}

/** Empty for none. */
export function formatBudget(budget: Budget | null, codeOf: CodeOf): string {
  if (budget === null) return '';
  const { mode, scopes, reserve, priorities, thresholds, spikeGuard } = budget;
  const byClass = (kind: string, amounts: Record<string, number>) =>
    Object.entries(amounts).map(([name, amount]) => `${kind}:${codeOf('class', name)}=${amount}`);
  return [
    mode,
    ...Object.entries(scopes).map(
      ([scope, limit]) => `${formatScope(scope as BudgetScope, codeOf)}=${limit}`,
    ),
    ...byClass('reserve', reserve),
    ...byClass('priority', priorities),
    ...(thresholds.length === 0 ? [] : [`thresholds=${thresholds.join(',')}`]),
    ...(spikeGuard === null ? [] : [`spike=${spikeGuard.factor},${spikeGuard.minimum},${spikeGuard.mode}`]),
  ].join('|');
}

/** A scope with the code of its class or tenant. */
function formatScope(scope: BudgetScope, codeOf: CodeOf): string {
  if (scope === 'all' || scope === 'tenant:*') return scope;
  const [kind, name] = splitScope(scope);
  return `${kind}:${codeOf(kind, name)}`;
}

export function parseScope(scope: string, nameOf: NameOf): BudgetScope {
  if (scope === 'all' || scope === 'tenant:*') return scope;
  const [kind, code] = splitScope(scope);
  return `${kind}:${nameOf(kind, Number(code))}` as BudgetScope;
}

/** A scope, or a place or rank of a class, in these texts. */
const CODED = /(class|tenant|reserve|priority):(\d+)/g;

/** The codes that budgets, and other texts with scopes, name. */
export function codesInLimits(texts: Iterable<string>, wanted: Set<NameKey>): void {
  for (const text of texts) {
    for (const [, kind, code] of text.matchAll(CODED)) wanted.add(`${kindOf(kind!)}:${code}`);
  }
}

/** The same text under the codes of another epoch. */
export function recodeLimits(text: string, nameOf: NameOf, codeOf: CodeOf): string {
  return text.replace(
    CODED,
    (_coded, kind: string, code: string) =>
      `${kind}:${codeOf(kindOf(kind), nameOf(kindOf(kind), Number(code)))}`,
  );
}

function kindOf(kind: string): 'class' | 'tenant' {
  return kind === 'tenant' ? 'tenant' : 'class';
}

/** What admissions need of a raise. */
export function formatRaise({ month, scope, identities, expiresAt }: Raise, codeOf: CodeOf): string {
  const ends = expiresAt - monthStartSeconds(month);
  return `${month}|${formatScope(scope, codeOf)}|${identities}|${ends}`;
}

/**
 * The limits of a month from the hashes of limits and of raises.
 *
 * @throws RangeError when a text in them is not one that this file writes
 */
export function readLimits(month: Month, limits: Fields, raises: Fields, nameOf: NameOf): Limits {
  const operators = latestUpTo(month, 'budget', limits);
  const budget = operators ?? latestUpTo(month, 'configured', limits) ?? '';
  return {
    budget: parseBudget(budget, nameOf),
    source: operators === null ? 'configured' : 'operator',
    raises: readRaises(month, limits, raises),
    frozenSince: latestUpTo(month, 'freeze', limits) || null,
    version: limits['#version'] ?? '0',
  };
}

/** Those that hold or held, in order of creation; one that was ended before its time is gone. */
function readRaises(month: Month, limits: Fields, raises: Fields): Raise[] {
  return Object.entries(raises)
    .filter(([id]) => limits[`raise:${id}`]?.startsWith(`${month}|`))
    .map(([id, text]) => parseRaise(id, text))
    .sort((one, two) => one.createdAt - two.createdAt || (one.id < two.id ? -1 : 1));
}

/** Whoever raised a limit, and why, stays out of what is said of a text that is none. */
function parseRaise(id: string, text: string): Raise {
  try {
    return JSON.parse(text) as Raise;
  } catch {
    throw new RangeError(`raise ${id} is no JSON`);
  }
}

function parseBudget(text: string, nameOf: NameOf): Budget | null {
  if (text === '') return null;
  const [mode, ...parts] = text.split('|');
  if (!isMode(mode)) throw new RangeError(`a budget of mode "${mode}"`);
  const scopes: Budget['scopes'] = {};
  const reserve = new Map<string, number>();
  const priorities = new Map<string, number>();
  let thresholds: number[] = [];
  let spikeGuard: SpikeGuard | null = null;
  for (const part of parts) {
    const [name = '', value = ''] = part.split('=');
    const [kind, code] = splitScope(name);
    if (name === 'thresholds') thresholds = value.split(',').map((percent) => readNumber(name, percent));
    else if (name === 'spike') {
      const [factor, minimum, acts] = value.split(',');
      spikeGuard = {
        factor: readNumber(name, factor),
        minimum: readNumber(name, minimum),
        mode: acts === 'block' ? 'block' : 'warn',
      };
    } else {
      const amount = readNumber(name, value);
      if ((kind as string) === 'reserve') reserve.set(nameOf('class', Number(code)), amount);
      else if ((kind as string) === 'priority') priorities.set(nameOf('class', Number(code)), amount);
      else scopes[parseScope(name, nameOf)] = amount;
    }
  }
  return {
    mode,
    scopes,
    // Names come from configuration: `Object.fromEntries` makes plain members even of `__proto__`.
    reserve: Object.fromEntries(reserve),
    priorities: Object.fromEntries(priorities),
    thresholds,
    spikeGuard,
  };
}

function isMode(text: string | undefined): text is Budget['mode'] {
  return text === 'off' || text === 'warn' || text === 'block';
}

function readNumber(name: string, text: string | undefined): number {
  const number = Number(text);
  if (!text || !Number.isFinite(number)) throw new RangeError(`${name} in a budget is no number`);
  return number;
}

function splitScope(scope: string): [kind: NameKind, rest: string] {
  const colon = scope.indexOf(':');
  return [scope.slice(0, colon) as NameKind, scope.slice(colon + 1)];
}

/** What was set last for a month or one before it; null when nothing was. */
function latestUpTo(month: Month, kind: 'configured' | 'budget' | 'freeze', limits: Fields): string | null {
  const from = Object.keys(limits)
    .filter((field) => field.startsWith(`${kind}:`) && field.slice(kind.length + 1) <= month)
    .sort()
    .at(-1);
  return from === undefined ? null : (limits[from] ?? null);
}
