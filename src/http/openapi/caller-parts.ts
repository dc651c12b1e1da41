import type { ProblemCode } from '../problem-code.ts';

/** The credentials by which somebody may ask for themselves, in the order in which they decide. */
export const CALLER_SECURITY = [
  { login: [] },
  { backendKey: [], backendSubject: [] },
  { guest: [] },
  { cookie: [] },
  { guestCookie: [] },
];

/** What may keep somebody from a token, on whichever route they ask. */
export const TOKEN_PROBLEMS = [
  'invalid-request',
  'unauthenticated',
  'forbidden',
  'lazy-connect-required',
  'no-reason-to-connect',
  'human-check-required',
  'guests-not-allowed',
  'identity-blocked',
  'new-identities-frozen',
  'mau-budget-exhausted',
  'not-found',
  'payload-too-large',
  'unsupported-media-type',
  'rate-limited',
  'internal',
  'ledger-unavailable',
  'identity-provider-unavailable',
] as const satisfies readonly ProblemCode[];
