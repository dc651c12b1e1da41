import type { Identity } from '../domain/identity.ts';
import type { Month } from '../domain/month.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { EvidenceSource, Signal } from '../domain/signal.ts';
import type { TokenLife } from '../domain/token-life.ts';
import type { AdmissionPreview, Standing } from './admission-preview.ts';
import type { AlertBook } from './alert-book.ts';
import type { BeaconLedger } from './beacons.ts';
import type { BondLedger } from './bonds.ts';
import type { Budget, Raise } from './budget.ts';
import type { ConversationLedger, ConversationMark, ReadUpTo } from './conversations.ts';
import type { MonthDocuments } from './month-documents.ts';
import type { Page, PageRequest } from './page.ts';
import type { IdentityRecord, MintRecord } from './records.ts';
import type { ReplayLedger } from './replay.ts';
import type { RetentionLedger } from './retention.ts';
import type { LedgerSteering } from './steering.ts';

/**
 * The ledger: who was counted in which UTC month, by which evidence, and every mint.
 *
 * Two implementations, Redis and embedded SQLite, pass one contract suite. Every method is one atomic step.
 * Every method rejects with `GatewayError('ledger-unavailable')` when the store cannot answer in time; the
 * step may or may not have happened then, and repeating it never counts an identity twice.
 */
export interface Ledger
  extends AdmissionLedger,
    ReplayLedger,
    JoiningLedger,
    EvidenceLedger,
    BeaconLedger,
    ConversationLedger,
    LedgerReader,
    LedgerSteering,
    BondLedger,
    AlertBook,
    MonthDocuments,
    LedgerLifecycle {
  /** Taking old rows out, and putting them back. */
  readonly retention: RetentionLedger;
}

/** What a mint asks of the ledger. All instants are the caller's; the ledger never asks for the time. */
export interface AdmitRequest {
  service: ServiceName;
  /** The person's own identity, before links. */
  identity: Identity;
  /** Kept from the first admission of the month; a later class does not move the identity. */
  className: string;
  tenant: string | null;
  /** What the request said it is for; a name of the policy. */
  intent: string;
  /** Name of the policy rule that allowed it. */
  rule: string;
  life: TokenLife;
  /** 24-bit fingerprint of signing key, grant and TTL policy: a token is reused only under the same one. */
  policyMark: number;
  /** True when the policy serves only people already in the month, such as for intent `refresh`. */
  knownOnly: boolean;
  /**
   * True when a newcomer needs a reason to connect: last month's record says `joined` or `messaged`, so that there
   * is a conversation that may wait for them.
   */
  needsReason: boolean;
  /** True when the tab said it is hidden. */
  hidden: boolean;
}

/** The counted variant of a decision: the only thing a token can be signed from. */
export interface Admitted {
  /** `new`: counted now. `known`: was counted before. `reuse`: hand out the last token again, nothing logged. */
  outcome: 'new' | 'known' | 'reuse';
  /** The effective identity, after links. */
  identity: Identity;
  /** Instants of the token to sign, whole seconds since the epoch; for `reuse` those of the earlier mint. */
  issuedAt: number;
  expiresAt: number;
  /** The mint's number in the month of `issuedAt`, from 1; unique for service and month. 0 with a journal mark. */
  ordinal: number;
  month: Month;
  /**
   * Of a mint that was given out while the ledger was away: stands for the ordinal in the token, unique for ever.
   * Absent when the ledger has answered.
   */
  journalMark?: string;
  /** True when the ledger was away, and this process has served somebody whom it knows. */
  withoutLedger?: true;
}

export type LedgerRefusal = Extract<
  Refusal,
  {
    code:
      | 'identity-blocked'
      | 'new-identities-frozen'
      | 'mau-budget-exhausted'
      | 'lazy-connect-required'
      | 'no-reason-to-connect'
      /** The identity was adopted: it belongs to a member now, and its guest credential is void. */
      | 'unauthenticated';
  }
>;

export interface AdmissionLedger {
  /**
   * Admits a person to every month of the token's life and logs the mint, or refuses and counts nothing.
   *
   * In one step: resolve link and block; reuse the last token in the first half of its life, unless it was to be
   * refreshed by then (`token-life.ts`), under the same policy mark; serve the known whatever the budget; else
   * `knownOnly`, `needsReason`, freeze, every budget scope the person falls in, and the spike guard
   * (`budget-rules.ts`). When only the later of two months refuses, the token is cut to end 5 s before that month;
   * below 60 s the answer is that month's refusal. Never over a blocking budget by one. A threshold that a newcomer
   * reaches becomes an alert in the same step, once.
   */
  admit(request: AdmitRequest): Promise<Admitted | LedgerRefusal>;

  /** Who asks, as `admit` would find them. Costs the same however many others there are. Changes nothing. */
  standing(request: AdmitRequest): Promise<Standing>;

  /** Weighs the same question and changes nothing, for explanations: it reads the totals of the month. */
  preview(request: AdmitRequest): Promise<AdmissionPreview>;

  /** Counts a refusal that policy made. `at` in ms since the epoch. */
  countRefusal(service: ServiceName, code: string, at: number): Promise<void>;

  /** Takes back one that was just counted: it was not the last word. `at` in ms since the epoch. */
  withdrawRefusal(service: ServiceName, code: string, at: number): Promise<void>;

  /** Counts what a rule in shadow would have refused. `at` in ms since the epoch. */
  countShadow(service: ServiceName, rule: string, at: number): Promise<void>;
}

/** Somebody who is about to enter a conversation. */
export interface JoinRequest {
  /** As Twilio will know them: links are not followed. */
  identity: Identity;
  /** `addressed` for an address. */
  signal: Extract<Signal, 'joined' | 'addressed'>;
  /** Class for an identity that the month does not know yet. */
  className: string;
  /** ms since the epoch; decides the month. */
  at: number;
}

export interface JoiningLedger {
  /**
   * Counts somebody who is about to enter a conversation, without a mint, or refuses and counts nothing but the
   * refusal. In one step: whoever is in the month is let in; else freeze, every budget scope and the spike guard decide
   * as for a mint, so that both together never pass a blocking budget. Who is let in has the signal from then on, told by
   * a webhook. Blocks play no part: they stop tokens.
   *
   * @returns `counted` for a newcomer, `known`, `new-identities-frozen` or `mau-budget-exhausted`
   */
  join(service: ServiceName, request: JoinRequest): Promise<'counted' | 'known' | LedgerRefusal>;
}

/** One observed act of an identity. */
export interface Evidence {
  identity: Identity;
  signal: Signal;
  /** When it happened, ms since the epoch; decides the month. */
  at: number;
  source: EvidenceSource;
  /** Class for an identity the month does not know yet; `address` or `unknown` when nothing better is known. */
  className: string;
  /**
   * Only of `read`, and only of the member's own update: how far it says that they have read. It proves something when
   * that is further than was known; without it `read` is taken as it is.
   */
  upTo?: ReadUpTo;
}

export interface EvidenceLedger {
  /**
   * Adds signals. Idempotent and order-free: the earliest instant of a signal wins, repeats change nothing.
   * Never refused: what was billed is counted, above a limit if need be.
   *
   * A `read` that says how far counts only when the index has moved, as `read-horizon.ts` says it, by what marks have told
   * before and by those that come with it. It is weighed in the same step; a repeat changes nothing.
   *
   * @param marks what was seen of conversations, written in the same step; as safe to repeat, in any order
   */
  record(
    service: ServiceName,
    evidence: readonly Evidence[],
    marks?: readonly ConversationMark[],
  ): Promise<void>;
}

export interface MonthTotals {
  month: Month;
  /** Identities of the month, the cardinality of the set. */
  all: number;
  byClass: Record<string, number>;
  byTenant: Record<string, number>;
  /** How many identities of a class have exactly these bits (see `signal.ts`): every count is a sum over it. */
  masks: { className: string; mask: number; identities: number }[];
  /** Conversations that had at least one message in the month, each once. */
  conversations: number;
  minted: number;
  reused: number;
  /** Guests whose identity a member took over in this month, and so stayed one person. */
  adopted: number;
  refused: Record<string, number>;
  /** By rule: what a rule in shadow, or a budget that only warns (`mau-budget-exhausted`), would have refused. */
  shadow: Record<string, number>;
  /** Beacons that evidence was written for, see {@link BeaconLedger}; those of a lost month do not come back with it. */
  beacons: number;
  /** As set, without raises. */
  budget: Budget | null;
  /** Of this month, also expired ones. */
  raises: readonly Raise[];
  /** Since when no new identities are admitted, ISO-8601, or null. */
  frozenSince: string | null;
}

export interface DayTotals {
  /** `YYYY-MM-DD`. */
  day: string;
  /** First seen in the month on this day, by class. */
  newByClass: Record<string, number>;
  /** The same by UTC hour, 24 entries. */
  newByHour: number[];
  minted: number;
  reused: number;
  refused: Record<string, number>;
  /** As in {@link MonthTotals}, by the day on which the connection was. */
  beacons: number;
}

/** Reads for reports. No read stops the mint path for more than 10 ms, at any size of month. */
export interface LedgerReader {
  /** Months with at least one identity, newest first. */
  months(service: ServiceName): Promise<Month[]>;
  /** Zeros for a month without data. */
  totals(service: ServiceName, month: Month): Promise<MonthTotals>;
  /** Every day of the month, also those without data. */
  days(service: ServiceName, month: Month): Promise<DayTotals[]>;
  /** In the order of bucket, then identity: the same on both ledgers, stable for a closed month. */
  identities(service: ServiceName, month: Month, page: PageRequest): Promise<Page<IdentityRecord>>;
  /** In the order of ordinals. */
  mints(service: ServiceName, month: Month, page: PageRequest): Promise<Page<MintRecord>>;
}

export interface LedgerLifecycle {
  /** Answers the clock of the store, or node, that has the service's data, ms since the epoch; rejects when it is away. */
  ping(service: ServiceName): Promise<number>;
  close(): Promise<void>;
}
