import type { ProblemCode } from './problem-code.ts';

/** What is fixed about a code: how it is answered, how loudly it is logged, and what its page says. */
export interface ProblemKind {
  status: number;
  title: string;
  /** `error` wakes a human, `warn` is for the next working day, `info` is traffic. */
  level: 'info' | 'warn' | 'error';
  /** Whether the same request may succeed later without anyone changing anything. */
  retryable: boolean;
  /** Members that only this code carries; absent ones are left out of the answer. */
  members: readonly string[];
  /** What it means, for the one who wrote the client. */
  meaning: string;
  /** What to do about it. */
  remedy: string;
}

/** Every code that an answer of the gateway can carry. A new code does not compile until it stands here. */
export const PROBLEM_KINDS: Record<ProblemCode, ProblemKind> = {
  'invalid-request': {
    status: 400,
    title: 'Invalid request',
    level: 'info',
    retryable: false,
    members: ['errors'],
    meaning:
      'The request could not be understood. `errors` lists every fault with a JSON pointer or a header name. ' +
      'The status is 431 instead where the header is larger than 16 KiB, and 408 where the request did not arrive whole in time.',
    remedy: 'Correct the request; sending it again unchanged gives the same answer.',
  },
  unauthenticated: {
    status: 401,
    title: 'Not authenticated',
    level: 'info',
    retryable: false,
    members: [],
    meaning:
      'No credential was sent, or the first credential present failed. A failing one is never passed over.',
    remedy: 'Renew the login or session, then ask again. Send one credential only.',
  },
  forbidden: {
    status: 403,
    title: 'Forbidden',
    level: 'info',
    retryable: false,
    members: [],
    meaning:
      'The credential is good but does not allow this, or the request needs a trusted `Origin`, as all that use a cookie ' +
      'do, and has another or none. `detail` says which.',
    remedy:
      'Use a credential with the needed role, or add the calling origin to CORS_ORIGINS. Programs send a credential in ' +
      'a header instead of a cookie.',
  },
  'lazy-connect-required': {
    status: 403,
    title: 'Connect only when it is needed',
    level: 'info',
    retryable: false,
    members: ['intent', 'allowedIntents', 'when'],
    meaning:
      'Creating a chat client makes a person billable for the whole month, and this intent does not justify it. ' +
      'With `when: visible` the tab was hidden or the page only fetched ahead.',
    remedy:
      'Do not create the client yet. Ask again with one of `allowedIntents` when the person opens the chat, and with ' +
      '`when: visible` not before the tab is seen.',
  },
  'no-reason-to-connect': {
    status: 403,
    title: 'No reason to connect',
    level: 'info',
    retryable: false,
    members: ['rule'],
    meaning:
      'The intent needs a reason, such as an unread message, and none is known. `rule` names the policy rule.',
    remedy: 'Show the chat without connecting, and ask again when there is something to show.',
  },
  'human-check-required': {
    status: 403,
    title: 'Human check required',
    level: 'info',
    retryable: false,
    members: ['verify'],
    meaning: 'The policy asks for proof of a human before it counts a new person.',
    remedy:
      'Run the check that `verify` names and send its result as `humanToken`. A result that the provider does not ' +
      'accept gets this answer again: run the check afresh.',
  },
  'guests-not-allowed': {
    status: 403,
    title: 'Guests are not allowed',
    level: 'info',
    retryable: false,
    members: [],
    meaning: 'The caller is a guest, and guests get no tokens here.',
    remedy: 'Ask the person to sign in, or allow guests with `guests.policy: per-browser`.',
  },
  'identity-blocked': {
    status: 403,
    title: 'Identity blocked',
    level: 'info',
    retryable: false,
    members: [],
    meaning: 'An operator has stopped issuing tokens to this person.',
    remedy:
      'An operator can lift the block with `DELETE /v1/identities/{identity}/block`. Asking again does not help.',
  },
  'new-identities-frozen': {
    status: 403,
    title: 'New identities are frozen',
    level: 'warn',
    retryable: false,
    members: ['since'],
    meaning:
      'An operator has stopped new people for now; people already counted this month are still served.',
    remedy: 'Offer another channel until an operator lifts the freeze with `DELETE /v1/freeze`.',
  },
  'mau-budget-exhausted': {
    status: 403,
    title: 'Monthly budget exhausted',
    level: 'warn',
    retryable: false,
    members: ['budget', 'limit', 'used', 'reserved', 'resetsAt', 'fallback'],
    meaning:
      'One more person would exceed a budget. `budget` names it, `limit` and `used` are its numbers, `reserved` are ' +
      'places of it that are kept for others, and it starts anew at `resetsAt`. People already counted this month ' +
      'are still served. `fallback` is what the app may offer instead.',
    remedy:
      'Offer the fallback channel; do not retry in a loop. An operator can raise the budget with `POST /v1/budget/raises`.',
  },
  'not-found': {
    status: 404,
    title: 'Not found',
    level: 'info',
    retryable: false,
    members: [],
    meaning: 'There is nothing under this address, or the named service or item does not exist.',
    remedy: 'Compare the address with /openapi.json.',
  },
  'method-not-allowed': {
    status: 405,
    title: 'Method not allowed',
    level: 'info',
    retryable: false,
    members: [],
    meaning: 'The address exists, but not with this method.',
    remedy: 'Use one of the methods in the Allow header.',
  },
  'not-acceptable': {
    status: 406,
    title: 'Not acceptable',
    level: 'info',
    retryable: false,
    members: [],
    meaning: 'None of the media types in the Accept header can be given.',
    remedy: 'Accept application/json, or one of the types that /openapi.json lists for the address.',
  },
  conflict: {
    status: 409,
    title: 'Conflict',
    level: 'info',
    retryable: false,
    members: ['errors'],
    meaning:
      'The request contradicts the present state, such as another request under the same Idempotency-Key.',
    remedy: 'Read the present state and decide again.',
  },
  'precondition-failed': {
    status: 412,
    title: 'Precondition failed',
    level: 'info',
    retryable: false,
    members: [],
    meaning: 'The `If-Match` value is stale: someone else has written in between.',
    remedy: 'Read again, apply the change to what is there now, and send the new ETag.',
  },
  'payload-too-large': {
    status: 413,
    title: 'Payload too large',
    level: 'info',
    retryable: false,
    members: [],
    meaning: 'The request body exceeds the limit of this address.',
    remedy: 'Send less.',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'Unsupported media type',
    level: 'info',
    retryable: false,
    members: [],
    meaning: 'The body has a media type, charset or content encoding that this address does not read.',
    remedy:
      'Send JSON in UTF-8 with `Content-Type: application/json`, or a type that /openapi.json lists for the address, ' +
      'and no content encoding.',
  },
  'rate-limited': {
    status: 429,
    title: 'Too many requests',
    level: 'info',
    retryable: true,
    members: [],
    meaning:
      'Too many requests in a short time; the RateLimit and RateLimit-Policy headers say which limit it was.',
    remedy:
      'Wait as long as Retry-After says. A client that keeps its token until `refreshAt` never sees this.',
  },
  internal: {
    status: 500,
    title: 'Internal error',
    level: 'error',
    retryable: false,
    members: [],
    meaning: 'Something is broken inside the gateway. No token was handed out.',
    remedy: 'Give the requestId to the operator, who finds the cause in the log under it.',
  },
  'ledger-unavailable': {
    status: 503,
    title: 'Ledger unavailable',
    level: 'error',
    retryable: true,
    members: [],
    meaning:
      'The ledger cannot be reached, does not answer in time or takes nothing at present, and without it nobody can be counted. ' +
      'This is not an exhausted budget.',
    remedy:
      'Ask again after Retry-After. The person may have been counted already, and is never counted twice. Operators: look at Redis, or at the disk of the embedded ledger; `mau-guard doctor` says what does not answer.',
  },
  'identity-provider-unavailable': {
    status: 503,
    title: 'Identity provider unavailable',
    level: 'warn',
    retryable: true,
    members: [],
    meaning: 'The issuer of the login, the session endpoint or the human check could not be asked.',
    remedy: 'Ask again after Retry-After. The login itself need not be renewed.',
  },
  'twilio-unavailable': {
    status: 503,
    title: 'Twilio unavailable',
    level: 'warn',
    retryable: true,
    members: [],
    meaning: 'A read from Twilio failed. Issuing tokens does not need Twilio and goes on.',
    remedy:
      'Ask again after Retry-After. Operators find the cause and the next step in `detail`, and `mau-guard doctor` looks at the setup at Twilio.',
  },
};
