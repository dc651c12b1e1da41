/**
 * What can go wrong, as a name that stays. Each has a section of its own in docs/client.md.
 *
 * Refusals of the gateway are `budget_exhausted`, and `refused` for every other one; `problem.code` says which.
 */
export type ChatGateErrorCode =
  | 'unauthenticated'
  | 'budget_exhausted'
  | 'refused'
  | 'rate_limited'
  | 'gateway_unreachable'
  | 'not_a_gateway'
  | 'source_failed'
  | 'token_invalid'
  | 'cannot_renew'
  | 'identity_changed'
  | 'sdk_load_failed'
  | 'connect_timeout'
  | 'csp_blocked'
  | 'twilio_denied'
  | 'storage_denied'
  | 'aborted'
  | 'closed';

/**
 * A problem document of the gateway (RFC 9457), as it came; its page is at `/problems/{code}`. With `twilio_denied` what
 * the SDK said: `errorCode`, `httpStatusCode`.
 */
export interface Problem {
  readonly code?: string;
  readonly detail?: string;
  readonly type?: string;
  readonly [member: string]: unknown;
}

export interface ChatGateErrorDetails {
  readonly message?: string | undefined;
  /** Whether the same request may succeed later without anybody changing anything; false unless told. */
  readonly retryable?: boolean | undefined;
  /** HTTP status of the answer, where there was one. */
  readonly status?: number | undefined;
  readonly problem?: Problem | undefined;
  /** Asking is in vain before this, ms since the epoch on this device's clock. */
  readonly retryAt?: number | undefined;
  readonly cause?: unknown;
  readonly docs?: string;
}

/** Every failure of this library. Its message is for developers and names no person and no token. */
export class ChatGateError extends Error {
  declare readonly code: ChatGateErrorCode;
  declare readonly retryable: boolean;
  /** Where it is explained: the gateway's page about its problem, else a section of the page in this package. */
  declare readonly docs: string;
  declare readonly status?: number | undefined;
  declare readonly problem?: Problem | undefined;
  declare readonly retryAt?: number | undefined;

  constructor(code: ChatGateErrorCode, { message, ...details }: ChatGateErrorDetails = {}) {
    const docs = `mau-guard/docs/client.md#${code}`;
    super(message ?? docs);
    Object.assign(this, { name: 'ChatGateError', code, retryable: false, docs }, details);
  }
}

/** A failure that may pass by itself. */
export function passing(code: ChatGateErrorCode, cause?: unknown): ChatGateError {
  return new ChatGateError(code, { retryable: true, cause });
}
