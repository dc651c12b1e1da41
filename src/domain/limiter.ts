/** Limits how often something may be done by one key: a person, an address block, an operator, an identity. */
export interface Limiter {
  /**
   * Takes one place, whatever becomes of it.
   *
   * @param key stable, and shown to nobody
   * @param limit for this key, where it has one of its own
   */
  take(key: string, limit?: number): LimitVerdict | Promise<LimitVerdict>;
}

export interface LimitVerdict {
  allowed: boolean;
  limit: number;
  windowSeconds: number;
  /** Whole seconds until a place is free, at least 1 when refused. */
  retryAfterSeconds: number;
}
