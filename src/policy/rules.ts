import { refused } from '../domain/refusal.ts';
import { allowedIntents, type Permission, type Policy, type Question, type Rule } from './policy.ts';

/**
 * The rules, in the order in which they are asked; the first answer holds. To change what the gateway allows,
 * change a rule here: nothing else knows of it.
 */
export const RULES: readonly Rule[] = [
  {
    name: 'intent-configured',
    canShadow: false,
    apply: ({ intent }, policy) =>
      Object.hasOwn(policy.intents, intent)
        ? null
        : refused('invalid-request', {
            detail: 'The request names an intent that is not configured.',
            errors: [{ pointer: '/intent', detail: `one of: ${Object.keys(policy.intents).join(', ')}` }],
          }),
    facts: (_, policy) => ({ intents: Object.keys(policy.intents) }),
  },
  {
    name: 'prefetch-never-connects',
    canShadow: true,
    apply: (question, policy) =>
      question.hints.prefetch
        ? notNow(question, policy, 'A page that is only fetched ahead never connects.', 'visible')
        : null,
    facts: ({ hints }) => ({ prefetch: hints.prefetch }),
  },
  {
    name: 'crawler-never-connects',
    canShadow: true,
    apply: (question, policy) =>
      policy.crawlers && question.hints.crawler
        ? notNow(question, policy, 'A crawler never connects.')
        : null,
    facts: ({ hints }, policy) => ({ crawler: hints.crawler, asked: policy.crawlers }),
  },
  {
    name: 'origin-required',
    canShadow: true,
    // A backend is no browser and has none.
    apply: ({ hints, via }, policy) =>
      policy.requireOrigin && hints.originMissing && via !== 'backend'
        ? refused('forbidden', {
            detail: 'Requests need an Origin that is served here, and this one has none.',
          })
        : null,
    facts: ({ hints, via }, policy) => ({
      originMissing: hints.originMissing,
      via,
      required: policy.requireOrigin,
    }),
  },
  {
    name: 'hidden-at-month-turn',
    canShadow: true,
    apply: (question, policy) =>
      question.tabState === 'hidden' && question.secondsToMonthTurn < policy.monthTurnQuietSeconds
        ? notNow(question, policy, 'A hidden tab gets no token so near to the turn of a month.', 'visible')
        : null,
    facts: ({ tabState, secondsToMonthTurn }, { monthTurnQuietSeconds }) => ({
      tabState,
      secondsToMonthTurn,
      monthTurnQuietSeconds,
    }),
  },
  {
    name: 'intent-denied',
    canShadow: true,
    apply: (question, policy) =>
      policy.intents[question.intent] === 'deny'
        ? notNow(
            question,
            policy,
            `Intent "${question.intent}" never connects. Ask again when the person opens the chat.`,
          )
        : null,
    facts: intentFacts,
  },
  {
    name: 'hidden-tab',
    canShadow: true,
    apply: ({ tabState }) => (tabState === 'hidden' ? HIDDEN_TAB : null),
    facts: ({ tabState }) => ({ tabState }),
  },
  {
    name: 'reason-to-connect',
    canShadow: true,
    apply: ({ intent }, policy) => (policy.intents[intent] === 'needs-reason' ? REASON_TO_CONNECT : null),
    facts: intentFacts,
  },
  {
    name: 'intent-known-only',
    canShadow: true,
    apply: ({ intent }, policy) => (policy.intents[intent] === 'known-only' ? KNOWN_ONLY : null),
    facts: intentFacts,
  },
  {
    name: 'intent-allowed',
    canShadow: false,
    apply: () => ALLOWED,
    facts: intentFacts,
  },
];

/** What `connect.shadow` may name. */
export const SHADOW_RULES: readonly string[] = RULES.filter(({ canShadow }) => canShadow).map(
  ({ name }) => name,
);

// Made once: the path of every request ends at one of these.
const HIDDEN_TAB = permit('hidden-tab', { knownOnly: true, when: 'visible' });
const REASON_TO_CONNECT = permit('reason-to-connect', { needsReason: true });
const KNOWN_ONLY = permit('intent-known-only', { knownOnly: true });
const ALLOWED = permit('intent-allowed', {});

function permit(rule: string, terms: Partial<Permission>): Permission {
  return Object.freeze({ outcome: 'permitted', rule, knownOnly: false, needsReason: false, ...terms });
}

function notNow({ intent }: Question, policy: Policy, detail: string, when?: 'visible') {
  return refused('lazy-connect-required', {
    detail,
    intent,
    allowedIntents: allowedIntents(policy),
    ...(when === undefined ? {} : { when }),
  });
}

function intentFacts({ intent }: Question, policy: Policy) {
  return { intent, configured: Object.hasOwn(policy.intents, intent) ? policy.intents[intent] : null };
}
