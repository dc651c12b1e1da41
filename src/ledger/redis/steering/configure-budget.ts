import type { Month } from '../../../domain/month.ts';
import type { Budget } from '../../budget.ts';
import { createServiceKeys } from '../keys.ts';
import type { PageSource } from '../pages.ts';
import { formatBudget, namesInBudget } from './limits-text.ts';

/** Writes a configured budget, unless it is the one that holds already. */
export async function configureBudget(
  { client, names, prefix, service }: PageSource,
  month: Month,
  budget: Budget | null,
): Promise<void> {
  // Learned, not interned: this is what stands between a ledger that lost its data and the first who is let in.
  const text = formatBudget(budget, await names.learn(service, namesInBudget(budget)));
  await client.configure(createServiceKeys(prefix, service).limits, month, text);
}
