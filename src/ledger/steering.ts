import type { Identity } from '../domain/identity.ts';
import type { Month } from '../domain/month.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { Budget, Limits, Raise } from './budget.ts';
import type { MonthDocument } from './month-documents.ts';
import type { Page, PageRequest } from './page.ts';

/** One write of an operator. Each holds from the very next admission, on every gateway. */
export type Change =
  /** Holds for `month` and later ones. */
  | { kind: 'budget'; month: Month; budget: Budget }
  | { kind: 'raise'; raise: Raise }
  /** Ends a raise before its time. */
  | { kind: 'end-raise'; id: string }
  /** Stops (ISO instant) or allows (null) newcomers in a month and those after it. */
  | { kind: 'freeze'; month: Month; since: string | null }
  /** Stops or allows issuing to an identity: to whoever is served as it, and to whose own it is. */
  | { kind: 'block'; identity: Identity; blocked: boolean }
  /** Serves each own identity as the effective one from now on; at most 1000 a change. */
  | { kind: 'link'; links: readonly { own: Identity; effective: Identity }[] }
  /**
   * Puts a pseudonym in the place of an identity, in every kept month and in what the mint log shows, and drops its
   * links. Counts stay as they are. Pseudonyms must be new to the ledger. `archived` are further identities of whom the
   * ledger has nothing: it changes nothing for them, and the archive is to forget them.
   */
  | { kind: 'erase'; erasures: readonly Erasure[]; archived?: readonly Erasure[] }
  /** Keeps a document of a month, unless there is one of that name already. */
  | { kind: 'document'; month: Month; document: MonthDocument }
  /** Changes nothing here: what was done lies elsewhere, and the audit entry is all that is kept of it. */
  | { kind: 'note' };

export interface Erasure {
  identity: Identity;
  pseudonym: Identity;
  /**
   * True for a guest whom a member had adopted: whoever still holds the old credential must not be served as the
   * identity under which Twilio knows the member.
   */
  staysVoid?: boolean;
}

/** What was done by whom; kept for good. */
export interface AuditEntry {
  /** ms since the epoch. */
  at: number;
  /** Name and role of the operator. */
  by: string;
  role: string;
  /** What was done, such as `budget.set`. */
  action: string;
  /** What it was done to; never a subject or a secret. */
  target: string;
  before: unknown;
  after: unknown;
  reason: string;
  requestId: string;
}

/** Makes a repeated request harmless: the first answer is kept and given again. */
export interface Idempotency {
  /** The operator and their `Idempotency-Key`, joined. */
  key: string;
  /** Digest of method, path and body. */
  fingerprint: string;
  /** What to answer when the very same request comes again. */
  answer: string;
  /** ms since the epoch; forgotten after that. */
  until: number;
}

export interface ChangeTerms {
  audit: AuditEntry;
  /** The {@link Limits.version} that the change rests on; null takes any. */
  expected: string | null;
  idempotency: Idempotency | null;
}

export type ChangeOutcome =
  | { outcome: 'done' }
  /** The limits are others now than those the change rests on. */
  | { outcome: 'stale' }
  /** Done before, under the same key. */
  | { outcome: 'repeated'; answer: string }
  /** The key was used for another request. */
  | { outcome: 'conflict' };

export interface StoredAuditEntry extends AuditEntry {
  /** A number that counts up. */
  id: string;
}

export interface LedgerSteering {
  /**
   * Tells the ledger a service's configured budget (null: none), which holds for `month` and later ones until an
   * operator sets another. Months do not go back: none before the latest that was told.
   */
  configureBudget(service: ServiceName, month: Month, budget: Budget | null): Promise<void>;

  limits(service: ServiceName, month: Month): Promise<Limits>;

  /**
   * Checks key and version, makes the change, keeps the answer and writes the audit entry, in one atomic step:
   * either all of it or nothing. After a change of limits, thresholds that are not reached any more are armed again
   * and reported as recovered; those reached now fire.
   */
  change(service: ServiceName, change: Change, terms: ChangeTerms): Promise<ChangeOutcome>;

  /** The answer kept under a key, or null. */
  recall(
    service: ServiceName,
    key: string,
    now: number,
  ): Promise<{ fingerprint: string; answer: string } | null>;

  /** Newest first. */
  audit(service: ServiceName, page: PageRequest): Promise<Page<StoredAuditEntry>>;

  /**
   * Remembers the fingerprint of the identity secret at the first call; later calls answer whether it is the
   * same. `replace` stores the new one.
   */
  checkFingerprint(fingerprint: string, replace: boolean): Promise<'first' | 'same' | 'different'>;
}
