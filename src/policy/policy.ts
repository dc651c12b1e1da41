import type { Caller } from '../domain/caller.ts';
import type { Refusal } from '../domain/refusal.ts';

/**
 * What an intent may do. `needs-reason` serves people who are in the month already and newcomers for whom something
 * waits; `known-only` serves people who are in the month already.
 */
export type IntentRule = 'allow' | 'deny' | 'needs-reason' | 'known-only';

/** The configured policy, as `config/mau-guard.yaml` states it. */
export interface Policy {
  intents: Readonly<Record<string, IntentRule>>;
  /** Names of rules that decide and are counted, but do not act. */
  shadow: readonly string[];
  /** Only requests with an own or configured `Origin` are served; trusted backends need none. */
  requireOrigin: boolean;
  /** Known crawlers never get a token. */
  crawlers: boolean;
  /** So close to a month's turn, before and after it, hidden tabs get nothing, s. */
  monthTurnQuietSeconds: number;
}

/** What the headers say about the request itself. Anyone can send anything: hints only ever refuse. */
export interface RequestHints {
  /** `Sec-Purpose` or `Purpose` says that nobody looks at the page yet. */
  prefetch: boolean;
  /** The `User-Agent` is that of a known crawler. */
  crawler: boolean;
  /** There is no `Origin`, or neither an own nor a configured one. */
  originMissing: boolean;
}

/** A request that says nothing about itself. */
export const NO_HINTS: RequestHints = Object.freeze({
  prefetch: false,
  crawler: false,
  originMissing: false,
});

/** What the policy is asked about: nothing but verified facts and the request's own words about itself. */
export interface Question {
  intent: string;
  className: string;
  /** How the caller proved who they are. */
  via: Caller['via'];
  tabState: 'focused' | 'visible' | 'hidden' | null;
  hints: RequestHints;
  /** To the nearest turn of a month, past or future, s. */
  secondsToMonthTurn: number;
}

/** Leave to ask the ledger, and under which rule; or a refusal, see `domain/refusal.ts`. */
export interface Permission {
  outcome: 'permitted';
  /** Name of the rule that decided; goes to the mint log. */
  rule: string;
  /** True when only people already in the month are served. */
  knownOnly: boolean;
  /** True when a newcomer is served only with a reason to connect. */
  needsReason: boolean;
  /** When a newcomer who is refused for `knownOnly` may come back. */
  when?: 'visible';
}

/** A named rule: answers, or passes the question on with null. */
export interface Rule {
  name: string;
  /** False for rules without which nothing could be answered. */
  canShadow: boolean;
  apply(question: Question, policy: Policy): Permission | Refusal | null;
  /** What the rule looks at, for explanations. */
  facts(question: Question, policy: Policy): Readonly<Record<string, unknown>>;
}

/** The intents that would have been served to anyone, for refusals that must name a way out. */
export function allowedIntents(policy: Pick<Policy, 'intents'>): string[] {
  return Object.keys(policy.intents).filter((intent) => policy.intents[intent] === 'allow');
}
