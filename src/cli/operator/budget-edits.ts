import type { Command } from 'commander';
import type { BudgetAnswer } from '../../contract/steering.ts';
import { gather, parseLimit, parseLimits } from './parse-named.ts';
import { UsageError } from './usage-error.ts';

/** The parts of a budget that an operator sets. */
export type BudgetParts = Pick<
  BudgetAnswer,
  'limit' | 'mode' | 'classes' | 'tenants' | 'reserve' | 'thresholds' | 'spikeGuard'
>;

/** Options that say what is to be another than it is. */
export interface BudgetEditOptions {
  limit?: string;
  mode?: string;
  class?: string[];
  tenant?: string[];
  reserve?: string[];
  thresholds?: string;
  spikeGuard?: string;
}

/** What is to be another; names with null lose their limit. */
export interface BudgetEdits
  extends Partial<Pick<BudgetParts, 'limit' | 'mode' | 'thresholds' | 'spikeGuard'>> {
  classes: Record<string, number | null>;
  tenants: Record<string, number | null>;
  reserve: Record<string, number | null>;
}

export function addBudgetEditOptions(command: Command): Command {
  return command
    .option('--limit <n>', 'identities a month for the whole service, or none')
    .option('--mode <mode>', 'off, warn or block')
    .option('--class <name=n>', 'limit of a class, n or none; may be repeated', gather)
    .option('--tenant <name=n>', 'limit of a tenant, * for all others; may be repeated', gather)
    .option('--reserve <class=n>', 'places kept for a class; may be repeated', gather)
    .option('--thresholds <list>', 'percent at which an alert is due, such as 50,80,100')
    .option('--spike-guard <factor,minimum,mode>', 'newcomers an hour, such as 10,100,block, or none');
}

/** @throws UsageError */
export function parseBudgetEdits(options: BudgetEditOptions): BudgetEdits {
  return {
    ...(options.limit === undefined ? {} : { limit: parseLimit('--limit', options.limit) }),
    ...(options.mode === undefined ? {} : { mode: parseMode(options.mode) }),
    ...(options.thresholds === undefined ? {} : { thresholds: parseThresholds(options.thresholds) }),
    ...(options.spikeGuard === undefined ? {} : { spikeGuard: parseSpikeGuard(options.spikeGuard) }),
    classes: parseLimits('--class', options.class),
    tenants: parseLimits('--tenant', options.tenant),
    reserve: parseLimits('--reserve', options.reserve),
  };
}

/** True when nothing at all is to be another. */
export function isWithoutEdits({ classes, tenants, reserve, ...plain }: BudgetEdits): boolean {
  return [classes, tenants, reserve, plain].every((edits) => Object.keys(edits).length === 0);
}

/** The budget as it is with the edits made; what they do not name stays. */
export function editBudget(budget: BudgetParts, edits: BudgetEdits): BudgetParts {
  const { limit, mode, thresholds, spikeGuard } = { ...budget, ...edits };
  return {
    ...{ limit, mode, thresholds, spikeGuard },
    classes: editLimits(budget.classes, edits.classes),
    tenants: editLimits(budget.tenants, edits.tenants),
    reserve: editLimits(budget.reserve, edits.reserve),
  };
}

function editLimits(
  limits: Readonly<Record<string, number>>,
  edits: Readonly<Record<string, number | null>>,
): Record<string, number> {
  return Object.fromEntries(
    Object.entries({ ...limits, ...edits }).filter((entry): entry is [string, number] => entry[1] !== null),
  );
}

function parseMode(text: string): BudgetParts['mode'] {
  if (text === 'off' || text === 'warn' || text === 'block') return text;
  throw new UsageError(`--mode ${text}: must be off, warn or block`);
}

function parseThresholds(text: string): number[] {
  const values = text.split(',').map((part) => part.trim());
  if (values.every((value) => /^\d{1,3}$/.test(value))) return values.map(Number);
  throw new UsageError(`--thresholds ${text}: must be whole percents, such as 50,80,100`);
}

function parseSpikeGuard(text: string): BudgetParts['spikeGuard'] {
  if (text === 'none') return null;
  const [, factor, minimum, mode] = /^(\d{1,4}(?:\.\d{1,6})?),(\d{1,10}),(warn|block)$/.exec(text) ?? [];
  if (mode === 'warn' || mode === 'block') return { factor: Number(factor), minimum: Number(minimum), mode };
  throw new UsageError(`--spike-guard ${text}: must be factor,minimum,mode, such as 10,100,block, or none`);
}
