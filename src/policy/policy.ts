/** What an intent may do: `known-only` serves people who are in the month already. */
export type IntentRule = 'allow' | 'deny' | 'needs-reason' | 'known-only';

/** The configured policy, as `config/mau-guard.yaml` states it. */
export interface Policy {
  intents: Readonly<Record<string, IntentRule>>;
}

/** What the policy is asked about: nothing but verified facts and the request's own words about itself. */
export interface Question {
  intent: string;
}

/** Leave to ask the ledger, and under which rule; or a refusal, see `domain/refusal.ts`. */
export interface Permission {
  outcome: 'permitted';
  /** Name of the rule that decided; goes to the mint log. */
  rule: string;
  /** True when only people already in the month are served. */
  knownOnly: boolean;
}

/** The intents that would have been served to anyone, for refusals that must name a way out. */
export function allowedIntents(policy: Policy): string[] {
  return Object.keys(policy.intents).filter((intent) => policy.intents[intent] === 'allow');
}
