import type { Caller } from '../domain/caller.ts';
import type { FailureCode } from '../domain/gateway-error.ts';
import type { Identity } from '../domain/identity.ts';
import type { Refusal, RefusalCode } from '../domain/refusal.ts';
import type { ServiceName } from '../domain/service-name.ts';

/** Everything of a request that may say who is asking. Raw header values, undefined when absent. */
export interface Credentials {
  authorization: string | undefined;
  apiKey: string | undefined;
  /** `X-Subject`, meaningful only beside an API key. */
  subject: string | undefined;
  cookie: string | undefined;
  /** True when the `Origin` header is own or configured; cookie credentials need it. */
  originTrusted: boolean;
  /** Name of the service that is asked for, `default` when undefined: a guest credential is good for one only. */
  service?: string | undefined;
  /** Asked before a call that only somebody outside can decide; absent where such calls have no limit. */
  enterOutside?: EnterOutside | undefined;
}

/** Says that a call may begin, and is told whether it came to nothing; or why it may not. */
export type EnterOutside = () => Refusal | ((failed: boolean) => void);

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

/**
 * Says who the claims of an issuer name, as if they stood in a credential that was verified; for explanations only.
 * `unknown-issuer` when nobody is configured to take that issuer's word.
 */
export type ReadClaims = (issuer: string, claims: Record<string, unknown>) => Caller | Refusal;

/** Knows reasons to connect that the ledger does not know. Reads only. */
export interface ReasonSource {
  /**
   * Whether something waits for the person in the service, such as an unread message.
   *
   * @param nowMs ms since the epoch
   * @throws GatewayError `twilio-unavailable` when it cannot be told in time; that counts as no reason
   */
  hasReason(service: ServiceName, identity: Identity, nowMs: number): Promise<boolean>;
}

export interface WaitingConversation {
  /** Conversation SID. */
  sid: string;
  /** Unread messages, at least 1. */
  unread: number;
}

/** Knows of unread messages that the ledger was never told of. Reads only. */
export interface UnreadSource {
  /**
   * What waits for somebody, in the order of SIDs; 1 for a conversation that they were added to and never opened.
   *
   * @param nowMs ms since the epoch
   * @throws GatewayError `twilio-unavailable` when it cannot be told in time
   */
  unread(service: ServiceName, identity: Identity, nowMs: number): Promise<readonly WaitingConversation[]>;
}

/** A check that a guest is human, asked before their first token. */
export interface HumanCheck {
  /** Whether this caller must pass it. Cheap, synchronous. */
  required(caller: Caller): boolean;
  /** What the frontend needs to draw the check; goes into `human-check-required`. */
  verifyDetails: Readonly<Record<string, unknown>>;
  /**
   * Whether the check was passed. A token is good once.
   *
   * @param humanToken what the check gave the frontend, as the request brings it
   * @throws GatewayError `identity-provider-unavailable` when the provider cannot be asked; nobody passes then
   */
  verify(humanToken: string, remoteAddress: string | undefined): Promise<boolean>;
}

/** Lets a member who signs in go on as the guest that their browser was. Wired only where that is configured. */
export interface GuestAdoption {
  /**
   * Adopts the guest whose cookie stands beside the member's login, if there is one and the ledger agrees. Safe to
   * repeat; a cookie that cannot be used changes nothing.
   *
   * @returns true when the cookie is of no more use and ought to be cleared
   */
  adopt(service: ServiceName, member: Identity, credentials: Credentials, nowMs: number): Promise<boolean>;
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
  /** True when the ledger was away and the person was served because this process knew them. */
  withoutLedger: boolean;
  /** Policy rules in shadow that would have refused this request. */
  shadow: readonly string[];
  /** Why authentication failed, or what broke; for us, never for the caller. */
  reason: string | null;
  durationMs: number;
}

/** Takes each event once. Must not throw. */
export type DecisionSink = (event: DecisionEvent, failure: unknown) => void;
