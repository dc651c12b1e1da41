import { type Refusal, refused } from '../domain/refusal.ts';
import { allowedIntents, type Permission, type Policy, type Question } from './policy.ts';

/** A named rule: answers, or passes the question on with null. */
interface Rule {
  name: string;
  apply(question: Question, policy: Policy): Permission | Refusal | null;
}

/**
 * The rules, in the order in which they are asked; the first answer holds. To change what the gateway allows,
 * change a rule here: nothing else knows of it.
 */
const RULES: readonly Rule[] = [
  {
    name: 'intent-configured',
    apply: ({ intent }, policy) =>
      Object.hasOwn(policy.intents, intent)
        ? null
        : refused('invalid-request', {
            detail: 'The request names an intent that is not configured.',
            errors: [{ pointer: '/intent', detail: `one of: ${Object.keys(policy.intents).join(', ')}` }],
          }),
  },
  {
    name: 'intent-denied',
    apply: ({ intent }, policy) =>
      policy.intents[intent] === 'deny'
        ? refused('lazy-connect-required', {
            detail: `Intent "${intent}" never connects. Ask again when the person opens the chat.`,
            intent,
            allowedIntents: allowedIntents(policy),
          })
        : null,
  },
  {
    name: 'reason-to-connect',
    apply: ({ intent }, policy) =>
      policy.intents[intent] === 'needs-reason'
        ? refused('no-reason-to-connect', {
            detail: `Intent "${intent}" needs a reason to connect, and nothing is known that waits for this person.`,
            rule: 'reason-to-connect',
          })
        : null,
  },
  {
    name: 'intent-known-only',
    apply: ({ intent }, policy) =>
      policy.intents[intent] === 'known-only'
        ? { outcome: 'permitted', rule: 'intent-known-only', knownOnly: true }
        : null,
  },
  {
    name: 'intent-allowed',
    apply: () => ({ outcome: 'permitted', rule: 'intent-allowed', knownOnly: false }),
  },
];

/** Decides whether the ledger may be asked. Pure: the same question and policy always give the same answer. */
export function decide(question: Question, policy: Policy): Permission | Refusal {
  for (const rule of RULES) {
    const answer = rule.apply(question, policy);
    if (answer !== null) return answer;
  }
  throw new Error('the last policy rule must answer');
}
