import type { Identity } from '../domain/identity.ts';
import type { Month } from '../domain/month.ts';
import type { BudgetScope, Refusal } from '../domain/refusal.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { EvidenceSource, Signal } from '../domain/signal.ts';
import type { TokenLife } from '../domain/token-life.ts';

/**
 * The ledger: who was counted in which UTC month, by which evidence, and every mint.
 *
 * Two implementations, Redis and embedded SQLite, pass one contract suite. Every method is one atomic step.
 * Every method rejects with `GatewayError('ledger-unavailable')` when the store cannot answer in time; the
 * step may or may not have happened then, and repeating it never counts an identity twice.
 */
export interface Ledger
  extends AdmissionLedger,
    EvidenceLedger,
    LedgerReader,
    LedgerSteering,
    LedgerLifecycle {}

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
  /** The mint's number in the month of `issuedAt`, from 1; unique for service and month. */
  ordinal: number;
  month: Month;
}

export type LedgerRefusal = Extract<
  Refusal,
  { code: 'identity-blocked' | 'new-identities-frozen' | 'mau-budget-exhausted' | 'lazy-connect-required' }
>;

export interface AdmissionLedger {
  /**
   * Admits a person to every month of the token's life and logs the mint, or refuses and counts nothing.
   *
   * In one step: resolve link and block; reuse the last token while it is in the first half of its life under
   * the same policy mark; serve the known whatever the budget; else freeze, `knownOnly`, and every budget
   * scope the person falls in. When only the later of two months refuses, the token is cut to end 5 s before
   * that month; below 60 s the answer is that month's refusal. Never over a blocking budget by one.
   */
  admit(request: AdmitRequest): Promise<Admitted | LedgerRefusal>;

  /** Counts a refusal that policy made before the ledger was asked. `at` in ms since the epoch. */
  countRefusal(service: ServiceName, code: string, at: number): Promise<void>;
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
}

export interface EvidenceLedger {
  /**
   * Adds signals. Idempotent and order-free: the earliest instant of a signal wins, repeats change nothing.
   * Never refused: what was billed is counted, above a limit if need be.
   */
  record(service: ServiceName, evidence: readonly Evidence[]): Promise<void>;
}

/** Budget of a service in one month. `scopes` maps `all`, `class:x`, `tenant:y` to whole identities. */
export interface Budget {
  mode: 'off' | 'warn' | 'block';
  scopes: Partial<Record<BudgetScope, number>>;
}

export interface MonthTotals {
  month: Month;
  /** Identities of the month, the cardinality of the set. */
  all: number;
  byClass: Record<string, number>;
  byTenant: Record<string, number>;
  /** How many identities of a class have exactly these bits (see `signal.ts`): every count is a sum over it. */
  masks: { className: string; mask: number; identities: number }[];
  minted: number;
  reused: number;
  refused: Record<string, number>;
  budget: Budget | null;
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
}

export interface IdentityRecord {
  identity: Identity;
  className: string;
  tenant: string | null;
  /** Whole seconds since the epoch, within the month. */
  firstSeen: number;
  lastSeen: number;
  mints: number;
  mask: number;
  /** For each set signal its first minute (seconds since the epoch, whole minutes) and who told. */
  signals: { signal: Signal; firstAt: number; source: EvidenceSource }[];
}

export interface MintRecord {
  ordinal: number;
  /** Whole seconds since the epoch. */
  issuedAt: number;
  expiresAt: number;
  identity: Identity;
  /** The person's own identity; differs from `identity` after a link. */
  subject: Identity;
  className: string;
  intent: string;
  outcome: 'new' | 'known';
  rule: string;
}

/** `after`: the `next` of an earlier page, null for the first. A page holds at most `limit` items. */
export interface PageRequest {
  after: string | null;
  limit: number;
}

export interface Page<Item> {
  items: Item[];
  /** Position after the last item, null at the end. Opaque, but stable for a closed month. */
  next: string | null;
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

export interface LedgerSteering {
  /**
   * Tells the ledger a service's configured budget (null: none). Holds for `month` and later ones from the very
   * next admit on every gateway.
   */
  configureBudget(service: ServiceName, month: Month, budget: Budget | null): Promise<void>;
  /** Stops (ISO instant) or allows (null) new identities in a month and those after it. */
  freeze(service: ServiceName, month: Month, since: string | null): Promise<void>;
  /** Stops or allows issuing to an identity. Repeating changes nothing. */
  setBlocked(service: ServiceName, identity: Identity, blocked: boolean): Promise<void>;
  /** From now on `own` is served as `effective`. Repeating changes nothing. */
  link(service: ServiceName, own: Identity, effective: Identity): Promise<void>;
  /**
   * Remembers the fingerprint of the identity secret at the first call; later calls answer whether it is the
   * same. `replace` stores the new one.
   */
  checkFingerprint(fingerprint: string, replace: boolean): Promise<'first' | 'same' | 'different'>;
}

export interface LedgerLifecycle {
  /** Answers the store's clock, ms since the epoch, for the skew report; rejects when the store is away. */
  ping(): Promise<number>;
  close(): Promise<void>;
}
