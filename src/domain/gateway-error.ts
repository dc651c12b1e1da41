/** Failures of something we depend on, or of ourselves. Refusals are values, see `refusal.ts`. */
export type FailureCode =
  | 'internal'
  | 'ledger-unavailable'
  | 'identity-provider-unavailable'
  | 'twilio-unavailable';

/**
 * Something is broken. `message` is the internal detail for the log; the caller of the API only ever sees
 * the text that belongs to `code`.
 */
export class GatewayError extends Error {
  readonly code: FailureCode;
  /** When a retry makes sense, in seconds. */
  readonly retryAfterSeconds: number;

  constructor(
    code: FailureCode,
    internalDetail: string,
    options: { cause?: unknown; retryAfterSeconds?: number } = {},
  ) {
    super(internalDetail, { cause: options.cause });
    this.name = 'GatewayError';
    this.code = code;
    this.retryAfterSeconds = options.retryAfterSeconds ?? 1;
  }
}
