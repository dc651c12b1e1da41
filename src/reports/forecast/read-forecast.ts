import { type Month, monthEndSeconds, monthStartSeconds, previousMonth } from '../../domain/month.ts';
import type { Reckoning } from '../../domain/reckoning.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import type { DayTotals, LedgerReader, MonthTotals } from '../../ledger/ledger.ts';
import { wholeLimitOf } from '../limit-of-month.ts';
import type { Band } from './band.ts';
import { type Crossing, findCrossing, findProjectedCrossing } from './find-crossing.ts';
import { buildForecastCost, type ForecastCost } from './forecast-cost.ts';
import { buildMonthCurve, type MonthCurve } from './month-curve.ts';
import { type Projection, projectMonth } from './project-month.ts';

/** What a month is thought to end with; of a past month what it ended with. */
export interface Forecast {
  month: Month;
  service: ServiceName;
  /** When the ledger was read, ISO-8601. */
  asOf: string;
  /** At the month's end, as if nobody were refused; null while there is too little to go by. */
  identities: Band | null;
  /** Why there is none; null when there is. */
  reason: ForecastGap | null;
  /** US dollars of the active users among them; null without `identities`. Left out for those who may not see money. */
  cost?: ForecastCost | null;
  /** `final`: the month is over. `none`: no forecast. */
  method: Projection['method'] | 'final' | 'none';
  /** Earlier months behind the method `share-of-final`, newest first. */
  basis: Month[];
  /** Identities by now. */
  used: number;
  /** Of the whole service, with the raises in force, of a past month with those at its end; null without one and in mode `off`. */
  limit: number | null;
  /** The UTC day, `YYYY-MM-DD`, on which the limit of that day is reached by `mid`, or was reached; null: not in this month. */
  exhaustedOn: string | null;
  /** The same by `high` and by `low`; null where that does not reach the limit. */
  exhaustedBetween: { earliest: string | null; latest: string | null };
}

/** `not-begun`: a month to come. `too-early`: before its third day. `too-few-identities`: fewer than 50. */
export type ForecastGap = 'not-begun' | 'too-early' | 'too-few-identities';

const DAY_SECONDS = 86_400;
/** Whole days that must be over. */
const DAYS_MIN = 2;
const IDENTITIES_MIN = 50;
/** More would say more of last year than of this month. */
const EARLIER_MONTHS = 3;

type Reader = Pick<LedgerReader, 'totals' | 'days'>;

/** Reads a handful of totals, never people. Rejects as the ledger does. */
export async function readForecast(
  ledger: Reader,
  question: { service: ServiceName; month: Month; nowMs: number; reckoning: Reckoning },
): Promise<Forecast> {
  const { service, month, nowMs, reckoning } = question;
  const [totals, days] = await Promise.all([ledger.totals(service, month), ledger.days(service, month)]);
  const elapsed = (nowMs / 1000 - monthStartSeconds(month)) / DAY_SECONDS;
  const limit = wholeLimitOf(totals, nowMs);
  const base = {
    ...{ month, service, asOf: new Date(nowMs).toISOString(), used: totals.all, limit, basis: [] as Month[] },
    exhaustedOn: limit === null ? null : findCrossing(month, days, limit),
    exhaustedBetween: { earliest: null, latest: null },
  };
  if (nowMs / 1000 >= monthEndSeconds(month)) return buildFinal(base, totals, reckoning);

  const reason = reasonAgainst(totals.all, elapsed);
  if (reason !== null) return { ...base, identities: null, reason, cost: null, method: 'none' };
  const earlier = await readEarlier(ledger, service, month);
  const curves = earlier.map(({ curve }) => curve);
  const projection = projectMonth(buildMonthCurve(days), totals.all, elapsed, curves);
  const { low, mid, high, method } = projection;
  const identities = { low, mid, high };
  return {
    ...base,
    ...{ identities, reason, method },
    cost: buildForecastCost(identities, totals, reckoning),
    basis: earlier.filter(({ curve }) => projection.basis.includes(curve)).map((one) => one.month),
    ...(limit === null || totals.all >= limit
      ? {}
      : projectCrossings(projection, {
          ...{ month, days, used: totals.all, elapsed },
          limitAt: (at) => wholeLimitOf(totals, at * 1000) ?? limit,
        })),
  };
}

/** The forecast for operators who may not see money. */
export function withoutForecastCost(forecast: Forecast): Forecast {
  const { cost: _cost, ...rest } = forecast;
  return rest;
}

type Base = Omit<Forecast, 'identities' | 'reason' | 'cost' | 'method'>;

function buildFinal(base: Base, totals: MonthTotals, reckoning: Reckoning): Forecast {
  const identities = { low: totals.all, mid: totals.all, high: totals.all };
  const cost = buildForecastCost(identities, totals, reckoning);
  return { ...base, identities, reason: null, cost, method: 'final' };
}

function reasonAgainst(used: number, elapsed: number): ForecastGap | null {
  if (elapsed < 0) return 'not-begun';
  if (elapsed < DAYS_MIN) return 'too-early';
  return used < IDENTITIES_MIN ? 'too-few-identities' : null;
}

function projectCrossings(
  projection: Projection,
  at: { month: Month; days: readonly DayTotals[] } & Omit<Crossing, 'final'>,
): Pick<Forecast, 'exhaustedOn' | 'exhaustedBetween'> {
  const month = { month: at.month, days: at.days.length };
  const cross = (final: number) => findProjectedCrossing(projection, month, { ...at, final });
  return {
    exhaustedOn: cross(projection.mid),
    exhaustedBetween: { earliest: cross(projection.high), latest: cross(projection.low) },
  };
}

/** Months before that were recorded from their first days on and had enough people, newest first. */
async function readEarlier(
  ledger: Reader,
  service: ServiceName,
  month: Month,
): Promise<{ month: Month; curve: MonthCurve }[]> {
  const months: Month[] = [];
  for (let last = month; months.length < EARLIER_MONTHS; ) {
    last = previousMonth(last);
    months.push(last);
  }
  const read = months.map(async (earlier) => ({
    month: earlier,
    curve: buildMonthCurve(await ledger.days(service, earlier)),
  }));
  return (await Promise.all(read)).filter(
    ({ curve }) => curve.final >= IDENTITIES_MIN && curve.at(DAYS_MIN + 1) > 0,
  );
}
