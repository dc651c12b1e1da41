import type { Forecast, ForecastGap } from '../reports/forecast/read-forecast.ts';
import { type Html, html } from './html.ts';
import { rawMonthLink } from './raw-link.ts';
import { countText, dayText, dollarText, rangeText, shortMonthText } from './words.ts';

const GAPS: Record<ForecastGap, string> = {
  'not-begun': 'The month has not begun.',
  'too-early': 'There is none before the third day of a month: it would be a guess.',
  'too-few-identities': 'There is none for fewer than 50 identities: it would be a guess.',
};

/** How the month will end, by which method, and when the budget runs out. Nothing for a month that is over. */
export function buildForecast(forecast: Forecast | null): Html | null {
  if (forecast === null || forecast.method === 'final') return null;
  const { identities, reason } = forecast;
  return html`<section class="panel" id="forecast"><h2>Forecast</h2>${rawMonthLink('/forecast', forecast)}
${
  identities === null
    ? html`<p>${GAPS[reason ?? 'too-early']}</p>`
    : html`<p><strong>${rangeText(countText(identities.low), countText(identities.high))} identities at the end of the month</strong>, most likely ${countText(identities.mid)}, as if nobody were refused.</p>
${buildCost(forecast)}
<p>${describeExhaustion(forecast)}</p>
<p class="note">${describeMethod(forecast)}</p>`
}</section>`;
}

function buildCost({ cost }: Forecast): Html | null {
  if (!cost) return null;
  const range = rangeText(dollarText(cost.low), dollarText(cost.high));
  return html`<p>${range}, most likely ${dollarText(cost.mid)}; price table “${cost.table}”, rules ${cost.rules}.</p>`;
}

function describeExhaustion({ limit, used, exhaustedOn, exhaustedBetween }: Forecast): string {
  if (limit === null) return 'There is no budget that could run out.';
  if (used >= limit) {
    return exhaustedOn === null
      ? 'The budget is used up.'
      : `The budget was used up on ${dayText(exhaustedOn)}.`;
  }
  const { earliest, latest } = exhaustedBetween;
  if (exhaustedOn !== null) {
    const from = dayText(earliest ?? exhaustedOn);
    const span =
      latest === null
        ? `at the earliest ${from}, perhaps not at all`
        : `between ${from} and ${dayText(latest)}`;
    return `The budget of ${countText(limit)} runs out on ${dayText(exhaustedOn)} (${span}).`;
  }
  if (earliest !== null) {
    return `The budget of ${countText(limit)} should last; at the fastest it runs out on ${dayText(earliest)}.`;
  }
  return `The budget of ${countText(limit)} lasts to the end of the month.`;
}

function describeMethod({ method, basis }: Forecast): string {
  if (method === 'share-of-final') {
    return `By how far ${basis.map(shortMonthText).join(', ')} had come at the same part of the month.`;
  }
  return 'By the pace of the last seven days; there is no earlier month to compare with yet.';
}
