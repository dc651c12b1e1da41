import { NO_HINTS, type Policy, type Question } from '../../src/policy/policy.ts';

/** The policy as it is shipped, with changes. */
export function policyOf(changes: Partial<Policy> = {}): Policy {
  return {
    intents: { open_chat: 'allow', notification: 'needs-reason', page_load: 'deny', refresh: 'known-only' },
    shadow: [],
    requireOrigin: false,
    crawlers: true,
    monthTurnQuietSeconds: 900,
    ...changes,
  };
}

/** A member who opens the chat in a visible tab in the middle of a month, with changes. */
export function questionOf(
  changes: Partial<Omit<Question, 'hints'>> & { hints?: Partial<Question['hints']> } = {},
): Question {
  const { hints, ...rest } = changes;
  return {
    intent: 'open_chat',
    className: 'member',
    via: 'bearer',
    tabState: 'visible',
    secondsToMonthTurn: 864_000,
    ...rest,
    hints: { ...NO_HINTS, ...hints },
  };
}
