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
  const { month, threshold, state, limit, used } = alert;
  const budget = describeBudget(alert.budget);
  const percent = limit === 0 ? 100 : Math.floor((used * 100) / limit);
  const usage = `${used} of ${limit} identities (${percent} %)`;
  const filled = state === 'recovered' ? `below ${threshold} % again` : `${threshold} % used`;
  const headline = `${service}: budget for ${month} (${budget}) is ${filled}`;
  return { headline, budget, usage, next: describeNext(alert, mode) };
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
