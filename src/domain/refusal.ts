import type { Month } from './month.ts';

/** One fault of an input: where (a JSON pointer or a header name) and what. */
export interface InputFault {
  pointer: string;
  detail: string;
}

/** Which budget was hit: the whole service, one class or one tenant. */
export type BudgetScope = 'all' | `class:${string}` | `tenant:${string}`;

/** A limit that newcomers can run into: a budget, or the spike guard's newcomers an hour. */
export type BudgetName = BudgetScope | 'new-per-hour';

/**
 * A refusal is an answer, not a failure: a code of the public contract with the numbers behind it.
 * `detail` is for the caller and never holds a secret, a token or an identity.
 */
export type Refusal = { outcome: 'refused' } & (
  | { code: 'invalid-request'; detail: string; errors: InputFault[] }
  | { code: 'unauthenticated'; detail: string; reason: AuthenticationFailure }
  | { code: 'forbidden'; detail: string }
  | { code: 'guests-not-allowed'; detail: string }
  | {
      code: 'lazy-connect-required';
      detail: string;
      intent: string;
      allowedIntents: string[];
      when?: 'visible';
    }
  | { code: 'no-reason-to-connect'; detail: string; rule: string }
  | { code: 'human-check-required'; detail: string; verify: Readonly<Record<string, unknown>> }
  | { code: 'identity-blocked'; detail: string }
  | { code: 'new-identities-frozen'; detail: string; since: string }
  | {
      code: 'mau-budget-exhausted';
      detail: string;
      budget: BudgetName;
      /** In force at that instant, raises included. */
      limit: number;
      used: number;
      /** Places of the limit that are kept for other classes; absent when none are. */
      reserved?: number;
      month: Month;
      /** First instant of the month (for `new-per-hour`, of the hour) in which the limit starts anew, ISO-8601. */
      resetsAt: string;
      /** What the frontend may offer instead, as configured. */
      fallback?: Readonly<Record<string, unknown>>;
    }
  | {
      code: 'rate-limited';
      detail: string;
      policy: string;
      limit: number;
      windowSeconds: number;
      retryAfterSeconds: number;
    }
  | { code: 'not-found'; detail: string }
);

export type RefusalCode = Refusal['code'];

/** Why a credential failed; logged and counted, never shown in more words than `detail`. */
export type AuthenticationFailure =
  | 'missing'
  | 'malformed'
  | 'unknown-issuer'
  | 'unknown-key'
  | 'bad-signature'
  | 'algorithm'
  | 'audience'
  | 'expired'
  | 'not-yet-valid'
  | 'issued-in-future'
  | 'claims'
  | 'inactive'
  | 'unknown-backend'
  | 'signed-out'
  /** The guest's identity was adopted by a member. */
  | 'guest-adopted'
  | 'guest-credential'
  | 'identity';

export function refused<C extends RefusalCode>(
  code: C,
  rest: Omit<Extract<Refusal, { code: C }>, 'outcome' | 'code'>,
): Extract<Refusal, { code: C }> {
  return { outcome: 'refused', code, ...rest } as Extract<Refusal, { code: C }>;
}
