import { monthStartSeconds } from '../../../domain/month.ts';
import type { ForecastCrossing } from '../../alert-book.ts';
import { createServiceKeys } from '../keys.ts';
import type { PageSource } from '../pages.ts';

/** Answers whether it was written now. */
export async function writeForecastAlert(
  { client, prefix, service }: Pick<PageSource, 'client' | 'prefix' | 'service'>,
  { month, at, limit, forecast }: ForecastCrossing,
): Promise<boolean> {
  const keys = createServiceKeys(prefix, service);
  const seconds = Math.floor(at / 1000) - monthStartSeconds(month);
  const answer = await client.foretell(
    keys.papers(month),
    keys.limits,
    keys.alerts,
    ...[month, seconds, limit, forecast],
  );
  return answer === 'written';
}
