import { dayNamesOf, type Month } from '../../../domain/month.ts';
import type { Limits } from '../../budget.ts';
import type { DayTotals, MonthTotals } from '../../ledger.ts';
import { createServiceKeys } from '../keys.ts';
import type { NameKey } from '../names/names.ts';
import { type PageSource, resultsOf } from '../pages.ts';
import { codesInCounters, readDayTotals, readMonthTotals } from '../records/counters.ts';
import { readAt } from '../records/read-at.ts';
import { codesInLimits, readLimits } from '../steering/limits-text.ts';

type Fields = Record<string, string>;

export async function readMonth(
  { client, names, prefix, service }: PageSource,
  month: Month,
): Promise<MonthTotals> {
  const keys = createServiceKeys(prefix, service);
  const pipeline = client.pipeline().hgetall(keys.totals(month)).hgetall(keys.limits).hgetall(keys.raises);
  const [totals, limits, raises] = resultsOf<Fields>(await pipeline.exec()) as [Fields, Fields, Fields];
  const wanted = new Set<NameKey>();
  codesInCounters(totals, wanted);
  codesInLimits(Object.values(limits), wanted);
  const nameOf = await names.lookUp(service, wanted);
  const standing = readAt(
    () => keys.limits,
    () => readLimits(month, limits, raises, nameOf),
  );
  return readAt(
    () => keys.totals(month),
    () => readMonthTotals(month, totals, standing, nameOf),
  );
}

export async function readMonthLimits(
  { client, names, prefix, service }: PageSource,
  month: Month,
): Promise<Limits> {
  const keys = createServiceKeys(prefix, service);
  const pipeline = client.pipeline().hgetall(keys.limits).hgetall(keys.raises);
  const [limits, raises] = resultsOf<Fields>(await pipeline.exec()) as [Fields, Fields];
  const wanted = new Set<NameKey>();
  codesInLimits(Object.values(limits), wanted);
  const nameOf = await names.lookUp(service, wanted);
  return readAt(
    () => keys.limits,
    () => readLimits(month, limits, raises, nameOf),
  );
}

export async function readDays(
  { client, names, prefix, service }: PageSource,
  month: Month,
): Promise<DayTotals[]> {
  const keys = createServiceKeys(prefix, service);
  const dayNames = dayNamesOf(month);
  const pipeline = client.pipeline().hmget(keys.totals(month), ...dayNames.map((day) => `minted:${day}`));
  for (const day of dayNames) pipeline.hgetall(keys.day(month, day));
  const [minted, ...days] = resultsOf<unknown>(await pipeline.exec()) as [(string | null)[], ...Fields[]];
  const wanted = new Set<NameKey>();
  for (const fields of days) codesInCounters(fields, wanted);
  const nameOf = await names.lookUp(service, wanted);
  return readAt(
    () => `${keys.totals(month)} or a day of it`,
    () => readDayTotals(month, minted, days, nameOf),
  );
}
