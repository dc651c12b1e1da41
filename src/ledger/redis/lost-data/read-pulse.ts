import { type Month, parseMonth } from '../../../domain/month.ts';
import { createServiceKeys } from '../keys.ts';
import { type PageSource, resultsOf } from '../pages.ts';
import type { MonthMark } from './marks.ts';

/** The few numbers by which a store that lost data of a service gives itself away. */
export interface Pulse {
  /** Null when there is none: the service is not in this store. */
  epoch: string | null;
  /** Version of blocks, links, merges and erasures. */
  bonds: number;
  /** Version of the limits. */
  limits: number;
  /** The newest months that have anyone. */
  months: Month[];
  /** Of each month that was asked for, in that order. */
  counts: Pick<MonthMark, CountKind>[];
}

/** Counts of a month that never fall. */
export const COUNT_KINDS = ['minted', 'all', 'adopted'] as const;
export type CountKind = (typeof COUNT_KINDS)[number];

const MONTHS_MAX = 2;

/** One round trip. */
export async function readPulse(
  { client, prefix, service }: PageSource,
  asked: readonly { month: Month }[],
): Promise<Pulse> {
  const keys = createServiceKeys(prefix, service);
  const reading = client.pipeline().hmget(keys.names, '#epoch', '#bonds').hget(keys.limits, '#version');
  reading.smembers(keys.months);
  for (const { month } of asked) reading.hmget(keys.totals(month), ...COUNT_KINDS);
  const [facts, limits, months, ...counts] = resultsOf<unknown>(await reading.exec()) as [
    [string | null, string | null],
    string | null,
    string[],
    ...(string | null)[][],
  ];
  return {
    epoch: facts[0],
    bonds: Number(facts[1] ?? 0),
    limits: Number(limits ?? 0),
    months: newestOf(months),
    counts: counts.map(([minted, all, adopted]) => ({
      minted: Number(minted ?? 0),
      all: Number(all ?? 0),
      adopted: Number(adopted ?? 0),
    })),
  };
}

function newestOf(texts: readonly string[]): Month[] {
  const months = texts.map((text) => parseMonth(text)).filter((month): month is Month => month !== null);
  return months.sort().slice(-MONTHS_MAX);
}
