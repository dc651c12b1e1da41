import { amountOf } from '../domain/amount-of.ts';
import type { MonthPageModel } from './month-page-model.ts';
import { countText, dollarText, rangeText, shareText, shortMonthText } from './words.ts';

/** What stood in the place of each headline figure the month before, in a sentence; null: not known, or nothing. */
export interface Changes {
  identities: string | null;
  connected: string | null;
  activeUsers: string | null;
  twilio: string | null;
  budgetLeft: string | null;
  cost: string | null;
  minted: string | null;
}

/**
 * Against the same day of the month before where that day is known, against its end where only the whole month is, and
 * in shares where a part of a month would stand against a whole one.
 */
export function describeChanges(model: MonthPageModel): Changes {
  const { summary, days, previousDays, previousTwilio, reconciliation } = model;
  const day = Math.min(days.length, previousDays.length);
  const then = previousDays[day - 1]?.cumulative ?? 0;
  const change = (now: number, before: number) => describeChange(now, before, day);
  return {
    ...describeWholeMonth(model, { day, then }),
    identities: change(summary.identities.total, then),
    minted: change(summary.mints.minted, sumMinted(previousDays.slice(0, day))),
    twilio: reconciliation?.twilio ? change(reconciliation.twilio.count, previousTwilio ?? 0) : null,
  };
}

/** `+29 % against day 20 of the month before (283).` */
function describeChange(now: number, then: number, day: number): string | null {
  if (then === 0) return null;
  const change = Math.round((100 * (now - then)) / then);
  const sign = change > 0 ? '+' : change < 0 ? '−' : '±';
  return `${sign}${countText(Math.abs(change))} % against day ${day} of the month before (${countText(then)}).`;
}

function describeWholeMonth(
  { summary, previous, days }: MonthPageModel,
  { day, then }: { day: number; then: number },
): Pick<Changes, 'connected' | 'activeUsers' | 'cost' | 'budgetLeft'> {
  if (days.length === 0 || previous === null || previous.identities.total === 0) {
    return { connected: null, activeUsers: null, cost: null, budgetLeft: null };
  }
  const { identities, activeUsers, cost, budget } = previous;
  const ended = (range: string) => `${shortMonthText(previous.month)} ended with ${range}.`;
  const share = ({ connected, minted }: typeof identities.bySignal) => shareText(connected, minted);
  return {
    connected:
      summary.identities.bySignal.minted > 0 && identities.bySignal.minted > 0
        ? `${share(summary.identities.bySignal)} of them; ${share(identities.bySignal)} in the month before.`
        : null,
    activeUsers: ended(rangeText(countText(activeUsers.low), countText(activeUsers.high))),
    cost: cost ? ended(rangeText(dollarText(cost.low), dollarText(cost.high))) : null,
    budgetLeft:
      budget && day > 0
        ? `${amountOf(Math.max(0, budget.limit - then), 'was', 'were')} left on day ${day} of the month before.`
        : null,
  };
}

function sumMinted(days: MonthPageModel['days']): number {
  return days.reduce((sum, { minted }) => sum + minted, 0);
}
