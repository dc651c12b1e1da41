import type { AlertNotice } from '../alerts/ports.ts';

/** An alert in words that are clear at two in the morning. Plain text; names in it come from outside. */
export interface AlertWords {
  headline: string;
  /** Which budget, such as `whole service`. */
  budget: string;
  /** `400 of 500 identities (80 %)` */
  usage: string;
  /** What the gateway does now, and until when. */
  next: string;
}

export function describeAlert({ service, alert, mode }: AlertNotice): AlertWords {
  if (alert.budget === 'forecast') return describeForecast(service, alert);
  const { month, threshold, state, limit, used } = alert;
  const budget = describeBudget(alert.budget);
  // A limit of no places has no thresholds, so this one is gone.
  if (state === 'recovered' && limit === 0) {
    const headline = `${service}: budget for ${month} (${budget}) has no limit any more`;
    return { headline, budget, usage: `${used} identities, no limit`, next: 'Nobody is refused for it.' };
  }
  const percent = limit === 0 ? 100 : Math.floor((used * 100) / limit);
  const usage = `${used} of ${limit} identities (${percent} %)`;
  const filled = state === 'recovered' ? `below ${threshold} % again` : `${threshold} % used`;
  const headline = `${service}: budget for ${month} (${budget}) is ${filled}`;
  return { headline, budget, usage, next: describeNext(alert, mode) };
}

/** Nothing is reached yet: what the month is thought to end with, and what can still be done. */
function describeForecast(service: string, { month, limit, used }: AlertNotice['alert']): AlertWords {
  return {
    headline: `${service}: ${month} is on its way past its budget`,
    budget: 'whole service',
    usage: `about ${used} identities by the end of the month, ${limit} in the budget`,
    next: 'Nobody is refused for it. Look at the forecast, and raise the budget or find out who comes, before it is used up. This is told once a month.',
  };
}

function describeBudget(name: AlertNotice['alert']['budget']): string {
  if (name === 'all') return 'whole service';
  if (name === 'new-per-hour') return 'newcomers an hour';
  return name.replace(':', ' ');
}

function describeNext(
  { budget, used, limit, month }: AlertNotice['alert'],
  mode: AlertNotice['mode'],
): string {
  const full = used >= limit;
  if (budget === 'new-per-hour') return describeSpike(mode);
  switch (mode) {
    case 'block':
      return full
        ? `New people are refused until ${nextMonthStart(month)}, or until the budget is raised. People already counted this month are still served.`
        : `${limit - used} places are left, those kept for a class included. When they are taken, new people are refused until ${nextMonthStart(month)}.`;
    case 'warn':
      return `The budget only warns: nobody is refused, and every further person adds to the bill of ${month}.`;
    case 'off':
    case null:
      return 'The budget is off: nobody is refused.';
  }
}

function describeSpike(mode: AlertNotice['mode']): string {
  return mode === 'block'
    ? 'More new people came than an hour usually brings; further ones are refused until the next full hour. People already counted this month are still served.'
    : 'More new people came than an hour usually brings. The spike guard only warns: nobody is refused for it.';
}

/** First instant after the month. */
function nextMonthStart(month: string): string {
  const next = new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 1));
  return `${next.toISOString().slice(0, 10)} 00:00 UTC`;
}
