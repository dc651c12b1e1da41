import type { BudgetScope, InputFault } from '../domain/refusal.ts';
import type { Budget } from './budget.ts';

/** A budget in the words of the operator API. Numbers are whole and within their ranges already. */
export interface BudgetInput {
  /** Identities a month for the whole service; null: no such limit. */
  limit: number | null;
  mode: Budget['mode'];
  /** Limits by class name. */
  classes: Readonly<Record<string, number>>;
  /** Limits by tenant; `*` holds for every tenant without one of its own. */
  tenants: Readonly<Record<string, number>>;
  reserve: Readonly<Record<string, number>>;
  thresholds: readonly number[];
  spikeGuard: Budget['spikeGuard'];
}

/** What the configuration says about classes. */
export interface ClassRanks {
  /** Rank by class name; every configured class is named. */
  priorities: Readonly<Record<string, number>>;
}

/** The budget that an input means, or everything about it that contradicts itself or the configuration. */
export function parseBudgetInput(input: BudgetInput, { priorities }: ClassRanks): Budget | InputFault[] {
  const faults = [
    ...unknownClasses(input, Object.keys(priorities)),
    ...reserveFaults(input),
    ...thresholdFaults(input.thresholds),
  ];
  if (faults.length > 0) return faults;
  const scopes: Partial<Record<BudgetScope, number>> = {};
  if (input.limit !== null) scopes.all = input.limit;
  for (const [name, limit] of Object.entries(input.classes)) scopes[`class:${name}`] = limit;
  for (const [name, limit] of Object.entries(input.tenants)) scopes[`tenant:${name}`] = limit;
  const { mode, reserve, thresholds, spikeGuard } = input;
  return { mode, scopes, reserve: { ...reserve }, priorities: { ...priorities }, thresholds, spikeGuard };
}

function unknownClasses({ classes, reserve }: BudgetInput, known: readonly string[]): InputFault[] {
  const detail = `Is no configured class; known are ${known.join(', ')}.`;
  return Object.entries({ classes, reserve }).flatMap(([field, byClass]) =>
    Object.keys(byClass)
      .filter((name) => !known.includes(name))
      .map((name) => ({ pointer: `/${field}/${escapePointer(name)}`, detail })),
  );
}

function reserveFaults({ reserve, limit }: BudgetInput): InputFault[] {
  const places = Object.values(reserve).reduce((sum, kept) => sum + kept, 0);
  if (places === 0) return [];
  if (limit === null)
    return [{ pointer: '/reserve', detail: 'Needs a limit for the whole service to keep places of.' }];
  if (places <= limit) return [];
  return [{ pointer: '/reserve', detail: `Keeps ${places} places of a limit of ${limit}.` }];
}

function thresholdFaults(thresholds: readonly number[]): InputFault[] {
  return thresholds.flatMap((percent, at) =>
    at > 0 && percent <= (thresholds[at - 1] as number)
      ? [{ pointer: `/thresholds/${at}`, detail: 'Must be above the one before it.' }]
      : [],
  );
}

function escapePointer(name: string): string {
  return name.slice(0, 64).replaceAll('~', '~0').replaceAll('/', '~1');
}
