import { amountOf } from '../domain/amount-of.ts';
import { daysInMonth, monthEndSeconds, monthOf } from '../domain/month.ts';
import type { MonthPageModel } from './month-page-model.ts';
import { ageText, countText, momentText, monthText } from './words.ts';

/** The month in words. */
export interface Status {
  /** How it stands; the colour follows it, never the other way round. */
  verdict: string;
  tone: 'calm' | 'warning' | 'alarm';
  /** The rest of the strip, part by part. */
  parts: string[];
}

/** A month is told to be near its limit from this share on. */
const NEAR_SHARE = 0.8;
/** So long before its end a month is counted down: for who is in another time zone than UTC. */
const ENDING_SECONDS = 2 * 86_400;

/** Says in words where the month stands: what month, which day, which limit and how strict. */
export function describeStatus(model: MonthPageModel): Status {
  const { summary } = model;
  const parts = [`${monthText(summary.month)} (UTC)`, describeDay(model), describeMode(model)];
  const { twilio } = model.reconciliation ?? { twilio: null };
  if (twilio) parts.push(`Twilio figure ${ageText(twilio.ageSeconds)} old`);
  if (model.frozenSince) parts.push(`no new identities since ${momentText(model.frozenSince)}`);
  return { ...judge(model), parts };
}

/** Whether the store has answered; a script goes on saying it. */
export function describeStore({ store, ageSeconds }: Pick<MonthPageModel, 'store' | 'ageSeconds'>): string {
  return `${store} ${ageSeconds === null ? 'ok' : 'away'}`;
}

function describeDay({ summary, nowMs }: MonthPageModel): string {
  const current = monthOf(nowMs);
  const days = daysInMonth(summary.month);
  if (summary.month < current) return `over, ${days} days`;
  if (summary.month > current) return 'not begun';
  const leftSeconds = monthEndSeconds(current) - nowMs / 1000;
  const end = leftSeconds <= ENDING_SECONDS ? `, ends in ${ageText(leftSeconds)}` : '';
  return `day ${new Date(nowMs).getUTCDate()} of ${days}${end}`;
}

function describeMode({ summary: { budget } }: MonthPageModel): string {
  if (!budget) return 'Watching, no budget';
  const limit = amountOf(budget.limit, 'identity', 'identities');
  switch (budget.mode) {
    case 'off':
      return `Watching, budget ${limit}`;
    case 'warn':
      return `Warning at ${limit}`;
    case 'block':
      return `Blocking new at ${limit}`;
    default:
      return budget.mode satisfies never;
  }
}

function judge({ summary: { budget }, frozenSince }: MonthPageModel): Pick<Status, 'verdict' | 'tone'> {
  if (frozenSince) return { verdict: 'Frozen', tone: 'alarm' };
  if (!budget) return { verdict: 'No budget', tone: 'calm' };
  const over = budget.used - budget.limit;
  if (over > 0) return { verdict: `${countText(over)} over budget`, tone: 'alarm' };
  if (over === 0) return { verdict: 'Budget used up', tone: 'alarm' };
  if (budget.used >= budget.limit * NEAR_SHARE) return { verdict: 'Near the budget', tone: 'warning' };
  return { verdict: 'Within budget', tone: 'calm' };
}
