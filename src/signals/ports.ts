import type { Refusal } from '../domain/refusal.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { ConversationMark } from '../ledger/conversations.ts';
import type { Evidence } from '../ledger/ledger.ts';

/**
 * Keeps evidence, and what the same event says of conversations, for good before it resolves. Safe to repeat.
 *
 * @throws GatewayError `ledger-unavailable` when it could be kept nowhere
 */
export type RecordEvidence = (
  service: ServiceName,
  evidence: readonly Evidence[],
  marks?: readonly ConversationMark[],
) => Promise<void>;

/** What a browser may tell of its connection. */
export type BeaconState = 'connected' | 'disconnected' | 'failed';

/** A Twilio token that this gateway, or somebody with its key, has signed. */
export interface VerifiedBeaconToken {
  outcome: 'verified';
  service: ServiceName;
  /** What Twilio knows the person as: the effective identity, or whoever another server has named. */
  name: string;
  /** Whole seconds since the epoch. */
  issuedAt: number;
  expiresAt: number;
}

export interface BeaconTokens {
  /**
   * Verifies a Twilio token by the keys of the configured services, current and previous ones; up to 10 minutes past
   * its end. Synchronous when the token is remembered.
   *
   * @param nowMs ms since the epoch
   * @returns `unauthenticated` for any other token
   */
  verify(
    token: string,
    nowMs: number,
  ): VerifiedBeaconToken | Refusal | Promise<VerifiedBeaconToken | Refusal>;
}

/**
 * What became of a beacon. `noted`: counted here and nowhere else. `repeated`: known, nothing was written.
 * `unavailable`: neither ledger nor journal took it.
 */
export type BeaconOutcome =
  | 'recorded'
  | 'repeated'
  | 'noted'
  | 'expired'
  | 'unauthenticated'
  | 'rate-limited'
  | 'unavailable';

/** Takes each beacon that is well-formed once. Must not throw. */
export type BeaconCounter = (state: BeaconState, outcome: BeaconOutcome) => void;

/**
 * Counts a beacon that evidence was written for, at the instant of that, ms since the epoch. Nobody waits for it. Must not
 * throw.
 */
export type BeaconTally = (service: ServiceName, at: number) => void;

/** Fields of a form; a field that was sent more than once has all its values. */
export type WebhookParams = Readonly<Record<string, string | string[] | undefined>>;

export interface WebhookSignatures {
  /** Whether the account, by its current or previous Auth Token, has signed these parameters for this address. */
  verify(signature: string, url: string, params: WebhookParams): Promise<boolean>;
  /** The same for a body that is no form: the address has its SHA-256 in the parameter `bodySHA256`. */
  verifyBody(signature: string, url: string, body: Buffer): Promise<boolean>;
}

/**
 * What became of a webhook.
 *
 * Refused: `bad-signature`, `wrong-url`, `other-account`. Answered but without evidence: `nothing` there to prove;
 * `marked`, which only tells of a conversation; `unknown-event`; `other-service` than those that are configured; `unclear-service`, when the account has several and
 * the event names none; `apart`, told of a name that is no person's; `malformed`, without a field that it must have or
 * a readable time; `future` and `too-old` by its time.
 */
export type WebhookOutcome =
  | 'recorded'
  | 'marked'
  | 'nothing'
  | 'apart'
  | 'unknown-event'
  | 'other-service'
  | 'unclear-service'
  | 'malformed'
  | 'future'
  | 'too-old'
  | 'bad-signature'
  | 'wrong-url'
  | 'other-account'
  | 'unavailable';

/**
 * What Twilio was answered to a pre-action webhook. `counted`, `known` and `refused` were decided by the ledger; the others were let
 * through. `nothing`: only people who are added are guarded. `late`: the answer went out before the ledger's came.
 */
export type GuardOutcome =
  | 'counted'
  | 'known'
  | 'refused'
  | 'late'
  | 'unreadable'
  | 'not-set-up'
  | 'failed'
  | Exclude<WebhookOutcome, 'recorded' | 'marked' | 'future' | 'too-old'>;

export type WebhookEvent =
  /**
   * `route`: where it came in. `event`: a known type, `other`, or `unverified` for what was not signed; a batch that
   * was not signed is one event.
   */
  | { kind: 'counted'; route: 'webhook' | 'event-stream'; event: string; outcome: WebhookOutcome }
  /** The signature is right, but for another address. Both are without query and for the log only. */
  | { kind: 'wrong-url'; signedUrl: string; expectedUrl: string };

/** Must not throw. */
export type WebhookEventSink = (event: WebhookEvent) => void;
