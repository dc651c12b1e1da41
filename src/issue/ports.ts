import type { Caller } from '../domain/caller.ts';
import type { FailureCode } from '../domain/gateway-error.ts';
import type { Refusal, RefusalCode } from '../domain/refusal.ts';

/** Everything of a request that may say who is asking. Raw header values, undefined when absent. */
export interface Credentials {
  authorization: string | undefined;
  apiKey: string | undefined;
  /** `X-Subject`, meaningful only beside an API key. */
  subject: string | undefined;
  cookie: string | undefined;
  /** True when the `Origin` header is own or configured; cookie credentials need it. */
  originTrusted: boolean;
}

export interface Authenticator {
  /**
   * Says who is asking. The first credential present decides; a failing one is refused, never passed over.
   * Synchronous when the answer is cached.
   *
   * @param nowMs ms since the epoch
   * @throws GatewayError `identity-provider-unavailable` when the issuer's keys, introspection or session
   *   source cannot be asked
   */
  authenticate(credentials: Credentials, nowMs: number): Caller | Refusal | Promise<Caller | Refusal>;
}

/** Limits how often one person asks, whatever the outcome. Held in each process, so that it costs no round trip. */
export interface PersonLimiter {
  /**
   * Takes one place for the person.
   *
   * @param person any string that is stable for the person and not shown to anyone
   */
  take(person: string): LimitVerdict | Promise<LimitVerdict>;
}

export interface LimitVerdict {
  allowed: boolean;
  limit: number;
  windowSeconds: number;
  /** Whole seconds until a place is free, at least 1 when refused. */
  retryAfterSeconds: number;
}

/**
 * The one structured event of a token request, also of refusals and failures. The fields are a contract with
 * whoever reads the logs. Never in it: tokens, credentials, secrets, raw identities, subjects.
 */
export interface DecisionEvent {
  requestId: string;
  outcome: 'minted' | 'reused' | 'refused' | 'failed';
  /** Set for `refused` and `failed`. */
  code: RefusalCode | FailureCode | null;
  service: string;
  intent: string;
  tabState: string | null;
  device: string | null;
  /** How the caller proved who they are; null when they did not. */
  via: 'bearer' | 'backend' | 'session' | 'guest' | null;
  class: string | null;
  /** Stands for the person; see `Person.logReference`. */
  person: string | null;
  month: string | null;
  firstThisMonth: boolean | null;
  rule: string | null;
  /** Why authentication failed, or what broke; for us, never for the caller. */
  reason: string | null;
  durationMs: number;
}

/** Takes each event once. Must not throw. */
export type DecisionSink = (event: DecisionEvent, failure: unknown) => void;
