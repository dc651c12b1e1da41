import type { ProblemCode } from '../problem-code.ts';
import { BODY_PROBLEMS, LEDGER_PROBLEMS } from './problem-groups.ts';

/** The credentials by which somebody may ask for themselves, in the order in which they decide. */
export const CALLER_SECURITY = [
  { login: [] },
  { backendKey: [], backendSubject: [] },
  { guest: [] },
  { cookie: [] },
  { guestCookie: [] },
];

/** What may keep somebody from an answer about themselves. */
export const CALLER_PROBLEMS = [
  ...(['invalid-request', 'unauthenticated', 'forbidden', 'guests-not-allowed', 'not-found'] as const),
  'rate-limited',
  ...LEDGER_PROBLEMS,
  'identity-provider-unavailable',
] as const satisfies readonly ProblemCode[];

/** What may keep somebody from a token, on whichever route they ask. */
export const TOKEN_PROBLEMS = [
  ...CALLER_PROBLEMS,
  ...(['lazy-connect-required', 'no-reason-to-connect', 'human-check-required', 'identity-blocked'] as const),
  ...(['new-identities-frozen', 'mau-budget-exhausted'] as const),
  ...BODY_PROBLEMS,
] as const satisfies readonly ProblemCode[];
