import type { Caller } from '../domain/caller.ts';
import { monthEndSeconds, monthOf, monthStartSeconds } from '../domain/month.ts';
import type { Question, RequestHints } from './policy.ts';

/**
 * Puts a request into the words of the policy.
 *
 * @param asked what the request says it is for
 * @param nowMs ms since the epoch
 */
export function buildQuestion(
  asked: { intent: string; tabState?: 'focused' | 'visible' | 'hidden' | undefined },
  hints: RequestHints,
  caller: Pick<Caller, 'className' | 'via'>,
  nowMs: number,
): Question {
  return {
    intent: asked.intent,
    className: caller.className,
    via: caller.via,
    tabState: asked.tabState ?? null,
    hints,
    secondsToMonthTurn: secondsToMonthTurn(nowMs),
  };
}

function secondsToMonthTurn(nowMs: number): number {
  const now = Math.floor(nowMs / 1000);
  const month = monthOf(nowMs);
  return Math.min(now - monthStartSeconds(month), monthEndSeconds(month) - now);
}
