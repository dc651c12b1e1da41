import type { Month } from '../../domain/month.ts';
import type { Budget } from '../budget.ts';
import { codesOf } from './admit-batches.ts';
import { createServiceKeys } from './keys.ts';
import { configuredText, formatBudget, namesInBudget } from './limits-text.ts';
import { type PageSource, resultsOf } from './pages.ts';

/** Writes a configured budget, unless it is the one that holds already. */
export async function configureBudget(
  { client, names, prefix, service }: PageSource,
  month: Month,
  budget: Budget | null,
): Promise<void> {
  const named = namesInBudget(budget);
  if (named.length > 0) await names.intern(service, named);
  const text = formatBudget(budget, codesOf(names, service));
  const { limits } = createServiceKeys(prefix, service);
  if (configuredText(month, await client.hgetall(limits)) === text) return;
  const change = client.multi().hset(limits, `configured:${month}`, text).hincrby(limits, '#version', 1);
  resultsOf(await change.exec());
}
