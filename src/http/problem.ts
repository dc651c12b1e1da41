import type { ProblemBody } from '../contract.ts';
import { type FailureCode, GatewayError } from '../domain/gateway-error.ts';
import { LedgerUnavailable } from '../domain/ledger-unavailable.ts';
import type { InputFault, Refusal } from '../domain/refusal.ts';
import { TwilioUnavailable } from '../domain/twilio-unavailable.ts';
import type { HttpRefusalCode } from './problem-code.ts';
import { PROBLEM_KINDS } from './problem-kinds.ts';

/** Members that refusals of HTTP carry beside their detail. */
interface HttpMembers {
  'method-not-allowed': { allow: readonly string[] };
  conflict: { errors?: readonly InputFault[] };
  /** `closes`: more of the body may come than is worth dropping, so that the connection ends with the answer. */
  'payload-too-large': { closes?: boolean };
}

/** Refusals that only HTTP knows. */
type HttpRefusal = {
  [C in HttpRefusalCode]: { outcome: 'refused'; code: C; detail: string } & MembersOf<C>;
}[HttpRefusalCode];

type MembersOf<C extends HttpRefusalCode> = C extends keyof HttpMembers ? HttpMembers[C] : unknown;

/** What is left of a broken thing for the outside: its code, a text that belongs to the code, and when to retry. */
interface Failure {
  outcome: 'failed';
  code: FailureCode;
  detail: string;
  retryAfterSeconds: number;
}

/** Every answer that is not a success. A route gives one to `next`; the problem handler writes it out. */
export type Problem = Refusal | HttpRefusal | Failure;

export interface ProblemContext {
  /** Without a trailing slash; null makes `type` relative. The Host header plays no part. */
  publicUrl: string | null;
  requestId: string;
  /** Path of the request, without its query. */
  path: string;
  /** The request's Authorization header, to say whether it was a bearer token that failed. */
  authorization: string | undefined;
}

export interface ProblemAnswer {
  status: number;
  /** Headers that belong to the code, as name, value, name, value. */
  headers: string[];
  body: string;
}

export const PROBLEM_MEDIA_TYPE = 'application/problem+json; charset=utf-8';

/** Makes a refusal that only HTTP knows. */
export function refusedByHttp<C extends HttpRefusalCode>(
  code: C,
  rest: { detail: string } & MembersOf<C>,
): Problem {
  return { outcome: 'refused', code, ...rest } as Problem;
}

/** Tells problem values from errors among what reaches an Express error handler. */
export function isProblem(value: unknown): value is Problem {
  if (typeof value !== 'object' || value === null || !('outcome' in value) || !('code' in value))
    return false;
  const { outcome, code } = value;
  return (
    (outcome === 'refused' || outcome === 'failed') &&
    typeof code === 'string' &&
    Object.hasOwn(PROBLEM_KINDS, code)
  );
}

/**
 * What the outside learns of an error. Anything untyped is a plain `internal`; the inner message never leaves.
 *
 * @param toOperator an operator also learns what is wrong with Twilio and what to do about it
 */
export function failureOf(error: unknown, toOperator = false): Failure {
  const code = error instanceof GatewayError ? error.code : 'internal';
  const retryAfterSeconds = error instanceof GatewayError ? error.retryAfterSeconds : 1;
  return { outcome: 'failed', code, detail: detailOf(error, code, toOperator), retryAfterSeconds };
}

function detailOf(error: unknown, code: FailureCode, toOperator: boolean): string {
  if (error instanceof LedgerUnavailable) return error.says;
  if (toOperator && error instanceof TwilioUnavailable) return `${error.says} ${error.nextStep}`;
  return PROBLEM_KINDS[code].meaning;
}

/** Address of the page about a code. */
export function problemType(publicUrl: string | null, code: string): string {
  return `${publicUrl ?? ''}/problems/${code}`;
}

/** Builds the RFC 9457 answer to a problem. */
export function buildProblem(problem: Problem, context: ProblemContext): ProblemAnswer {
  const kind = PROBLEM_KINDS[problem.code];
  const body: ProblemBody = {
    type: problemType(context.publicUrl, problem.code),
    title: kind.title,
    status: kind.status,
    detail: problem.detail,
    instance: context.path,
    code: problem.code,
    requestId: context.requestId,
    retryable: kind.retryable,
  };
  const own: Record<string, unknown> = { ...problem };
  for (const member of kind.members) {
    if (own[member] !== undefined) body[member] = own[member];
  }
  return { status: kind.status, headers: buildHeaders(problem, context), body: JSON.stringify(body) };
}

function buildHeaders(problem: Problem, context: ProblemContext): string[] {
  switch (problem.code) {
    case 'unauthenticated':
      return ['WWW-Authenticate', challenge(context.authorization)];
    case 'method-not-allowed':
      return ['Allow', problem.allow.join(', ')];
    case 'rate-limited': {
      // draft-ietf-httpapi-ratelimit-headers: q quota, w window, r remaining, t seconds until the window ends
      const { policy, limit, windowSeconds, retryAfterSeconds } = problem;
      return [
        ...['Retry-After', String(retryAfterSeconds)],
        ...['RateLimit-Policy', `"${policy}";q=${limit};w=${windowSeconds}`],
        ...['RateLimit', `"${policy}";r=0;t=${retryAfterSeconds}`],
      ];
    }
    case 'payload-too-large':
      return problem.closes ? ['Connection', 'close'] : [];
    case 'ledger-unavailable':
    case 'identity-provider-unavailable':
    case 'twilio-unavailable':
      return ['Retry-After', String(problem.retryAfterSeconds)];
    default:
      return [];
  }
}

/** RFC 6750 section 3.1: no error code when the request carried no bearer token. */
function challenge(authorization: string | undefined): string {
  const bearer = authorization !== undefined && /^bearer /i.test(authorization);
  return bearer ? 'Bearer realm="mau-guard", error="invalid_token"' : 'Bearer realm="mau-guard"';
}
