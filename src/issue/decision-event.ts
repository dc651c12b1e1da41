import type { FailureCode } from '../domain/gateway-error.ts';
import type { RefusalCode } from '../domain/refusal.ts';

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
