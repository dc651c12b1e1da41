import { type Month, previousMonth } from '../../domain/month.ts';
import type { Reckoning } from '../../domain/reckoning.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import type { Budget } from '../../ledger/budget.ts';
import type { LedgerReader } from '../../ledger/ledger.ts';
import type { IntentRule } from '../../policy/policy.ts';
import { simulateMonth } from './simulate-month.ts';

/** What a budget in mode `block` would have done to the month before. */
export interface BudgetPreview {
  month: Month;
  /** Identities that the month had. */
  identities: number;
  /** Of them, those who would have got no token at all. */
  refused: number;
  /** What the month would have cost less, US dollars, by the low and by the high reading of the rules. */
  saved: { low: number; high: number };
  /** Name of the price table. */
  table: string;
}

export interface BudgetPreviewRequest {
  service: ServiceName;
  /** The current month. */
  month: Month;
  budget: Budget;
  /** Configured class names. */
  classes: readonly string[];
  /** Names of all intents that the log may hold. */
  intents: readonly string[];
  reckoning: Reckoning;
  nowMs: number;
  signal: AbortSignal;
}

/**
 * Plays the month before again under nothing but this budget. Reads the people and mints of that month.
 *
 * @throws what `signal` was aborted with
 */
export async function previewBudget(
  ledger: Pick<LedgerReader, 'totals' | 'identities' | 'mints'>,
  { service, month, budget, intents, ...rest }: BudgetPreviewRequest,
): Promise<BudgetPreview> {
  const policy = {
    // Whoever got a token then is asked about nothing else now.
    intents: Object.fromEntries(intents.map((name): [string, IntentRule] => [name, 'allow'])),
    ...{ shadow: [], requireOrigin: false, crawlers: false, monthTurnQuietSeconds: 0 },
  };
  const { simulated, recorded } = await simulateMonth(ledger, {
    ...rest,
    service,
    month: previousMonth(month),
    trial: { policy, budget: { ...budget, mode: 'block' }, raises: [] },
  });
  const savings = [recorded.cost.low - simulated.cost.low, recorded.cost.high - simulated.cost.high];
  return {
    month: previousMonth(month),
    identities: recorded.identities.total,
    refused: Math.max(0, recorded.identities.total - simulated.identities.total),
    saved: { low: Math.max(0, Math.min(...savings)), high: Math.max(0, ...savings) },
    table: recorded.cost.table,
  };
}
