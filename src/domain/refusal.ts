import type { Month } from './month.ts';

/** One fault of an input: where (a JSON pointer or a header name) and what. */
export interface InputFault {
  pointer: string;
  detail: string;
}

/** Which budget was hit: the whole service, one class or one tenant. */
export type BudgetScope = 'all' | `class:${string}` | `tenant:${string}`;

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
  | { code: 'identity-blocked'; detail: string }
  | { code: 'new-identities-frozen'; detail: string; since: string }
  | {
      code: 'mau-budget-exhausted';
      detail: string;
      budget: BudgetScope;
      limit: number;
      used: number;
      month: Month;
      /** First instant of the month in which the limit starts anew, ISO-8601. */
      resetsAt: string;
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
  | 'identity';

export function refused<C extends RefusalCode>(
  code: C,
  rest: Omit<Extract<Refusal, { code: C }>, 'outcome' | 'code'>,
): Extract<Refusal, { code: C }> {
  return { outcome: 'refused', code, ...rest } as Extract<Refusal, { code: C }>;
}
