import type { ForecastAnswer } from '../../contract/figures.ts';
import { amountOf } from '../../domain/amount-of.ts';
import { type Amount, formatAmounts } from './format-amounts.ts';

const REASONS: Readonly<Record<NonNullable<ForecastAnswer['reason']>, string>> = {
  'not-begun': 'no forecast: the month has not begun',
  'too-early': 'no forecast before the third day of a month',
  'too-few-identities': 'no forecast below 50 identities: a few people more or less would change everything',
};

const METHODS: Readonly<Record<ForecastAnswer['method'], string>> = {
  'share-of-final': 'by how far earlier months were at the same part',
  'seven-day-pace': 'by the newcomers of the last seven days; earlier months are not known',
  final: 'the month is over: these are its figures',
  none: '',
};

/** A forecast in words: the band, what it costs, when the budget runs out. */
export function formatForecast(forecast: ForecastAnswer): string[] {
  const { service, month, used, limit, identities, reason, cost, method, basis } = forecast;
  const head = `${service}, ${month}: ${amountOf(used, 'identity', 'identities')} by now`;
  if (identities === null)
    return [head, ...(reason === null ? [] : [REASONS[reason]]), ...describeLimit(forecast)];
  const usd = cost && ([cost.low, cost.mid, cost.high].map((amount) => ({ usd: amount })) satisfies Amount[]);
  const rows: [string, ...Amount[]][] = [
    ['identities', identities.low, identities.mid, identities.high],
    ...(usd ? [['USD', ...usd] satisfies [string, ...Amount[]]] : []),
  ];
  const from = basis.length === 0 ? '' : ` (${basis.join(', ')})`;
  return [
    method === 'final' ? `${service}, ${month}` : head,
    '',
    ...formatAmounts(['', 'low', 'mid', 'high'], rows),
    '',
    `${METHODS[method]}${from}`,
    ...(cost ? [`prices ${cost.table}, counting rules ${cost.rules}`] : []),
    ...(limit === null ? [] : describeLimit(forecast)),
  ];
}

function describeLimit({ limit, used, exhaustedOn, exhaustedBetween, method }: ForecastAnswer): string[] {
  if (limit === null) return [];
  const budget = `budget of ${amountOf(limit, 'identity', 'identities')}`;
  const { earliest, latest } = exhaustedBetween;
  if (exhaustedOn !== null && (used >= limit || method === 'final'))
    return [`${budget}: reached on ${exhaustedOn}`];
  if (exhaustedOn !== null) {
    return [
      `${budget}: reached on ${exhaustedOn} (${earliest ?? exhaustedOn} to ${latest ?? 'not this month'})`,
    ];
  }
  if (method === 'none') return [];
  return [
    earliest === null
      ? `${budget}: not reached this month`
      : `${budget}: reached on ${earliest} at the earliest`,
  ];
}
