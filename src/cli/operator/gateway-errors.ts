/** A problem document of a gateway (RFC 9457), as far as it is shown. */
export interface Problem {
  status: number;
  title: string;
  detail: string;
  code: string;
  requestId: string | null;
  errors: readonly { pointer: string; detail: string }[];
  /** Whole seconds, from the `Retry-After` header. */
  retryAfterSeconds: number | null;
  /** The document itself. */
  json: unknown;
}

/** The gateway answered, and the answer is no. */
export class GatewayRefusal extends Error {
  readonly problem: Problem;
  /** As in {@link GatewayAway}: an answer of 500 or above leaves open what became of a write. Null with any other. */
  readonly idempotencyKey: string | null;

  constructor(problem: Problem, idempotencyKey: string | null) {
    super(problem.detail);
    this.name = 'GatewayRefusal';
    this.problem = problem;
    this.idempotencyKey = problem.status >= 500 ? idempotencyKey : null;
  }
}

/** There was no answer, or none that a gateway gives. */
export class GatewayAway extends Error {
  /** The key of a write that may have been made all the same; null when nothing was asked to be written. */
  readonly idempotencyKey: string | null;

  constructor(message: string, idempotencyKey: string | null) {
    super(message);
    this.name = 'GatewayAway';
    this.idempotencyKey = idempotencyKey;
  }
}

/** Whoever asked was stopped before the answer came. */
export class GatewayInterrupted extends Error {
  /** As in {@link GatewayAway}. */
  readonly idempotencyKey: string | null;

  constructor(idempotencyKey: string | null) {
    super('interrupted');
    this.name = 'GatewayInterrupted';
    this.idempotencyKey = idempotencyKey;
  }
}
