import type { ServiceName } from '../../domain/service-name.ts';
import type { ConversationMark } from '../conversations.ts';
import type { EvidenceEntry } from '../evidence-entry.ts';
import type { Evidence } from '../ledger.ts';
import type { ReplayedMint } from '../replay.ts';
import type { JournalRange } from './journal.ts';

/** What waits on this machine's disk for the ledger. */
export interface LedgerJournal {
  /**
   * Resolves when evidence and marks are on the disk.
   *
   * @throws GatewayError `ledger-unavailable` when the journal is full or its disk fails; nothing was taken
   */
  appendEvidence(
    service: ServiceName,
    evidence: readonly Evidence[],
    marks: readonly ConversationMark[],
  ): Promise<void>;
  /**
   * Resolves when a mint is on the disk, with what stands for its ordinal in the token: unique for ever.
   *
   * @throws GatewayError `ledger-unavailable` as above
   */
  appendMint(service: ServiceName, mint: UnwrittenMint): Promise<string>;
  /** The oldest entries of a range, in their order; null when there are none. Default: all that is not settled. */
  next(range?: JournalRange): Promise<JournalBatch | null>;
  /** Forgets a batch and all before it, which is in the ledger now. True: nothing is left, and the file begins anew. */
  settle(batch: Pick<JournalBatch, 'end'>): Promise<boolean>;
  /**
   * Keeps an entry that the ledger does not take for a human, in the file `<path>.aside`, which is a journal like this one.
   * Safe to repeat.
   */
  setAside(entry: JournalEntry): Promise<void>;
  /** Bytes on the disk. */
  bytes(): number;
  close(): Promise<void>;
}

/** A mint before the journal has given it its number. */
export type UnwrittenMint = Omit<ReplayedMint, 'journal'>;

export interface MintEntry {
  kind: 'mint';
  service: ServiceName;
  mint: ReplayedMint;
}

export type JournalEntry = EvidenceEntry | MintEntry;

export interface JournalBatch {
  entries: JournalEntry[];
  /** Entries that are lost, because the disk gave them back damaged or this version cannot read them. */
  damaged: number;
  end: number;
}

/** The journal at work: what is put into it is brought to the ledger as soon as that answers. */
export interface JournalKeeper {
  /**
   * Resolves when evidence and marks are on the disk.
   *
   * @throws GatewayError `ledger-unavailable` when that is full, fails, or takes longer than 400 ms
   */
  appendEvidence(
    service: ServiceName,
    evidence: readonly Evidence[],
    marks: readonly ConversationMark[],
  ): Promise<void>;
  /** The same for a mint, within 2 s; answers what stands for its ordinal in the token. */
  appendMint(service: ServiceName, mint: UnwrittenMint): Promise<string>;
  /**
   * Whether the journal waits for the ledger to take what it has of a service: asking that again would only cost everybody
   * the deadline. Of other services it may be there, on another node of a Cluster.
   */
  isWaiting(service: ServiceName): boolean;
  /** False when what was brought last was not taken: the journal is full, or its disk fails. */
  isTaking(): boolean;
  /** Bytes on the disk. */
  bytes(): number;
  /** Begins to bring what an earlier process left in the journal to the ledger. */
  start(): void;
  /** Lets go of the journal; what is in it stays for the next process. */
  stop(): Promise<void>;
}

/** What happens to the journal. `bytes`: what stands in it after that. */
export type JournalEvent = { bytes: number } & (
  | { kind: 'appended' }
  /** Neither the ledger nor the journal took it; whoever brought it was told. */
  | { kind: 'refused'; failure: unknown }
  /** The ledger is away for a service, and the journal waits for it; once, until it takes something. Null: the journal fails. */
  | { kind: 'waiting'; service: ServiceName | null; failure: unknown }
  | { kind: 'replayed'; entries: number; damaged: number }
  /** The ledger takes others, but time after time not these, which no longer stand in anybody's way. */
  | { kind: 'set-aside'; service: ServiceName; entries: number; failure: unknown }
);

/** Must not throw. */
export type JournalEventSink = (event: JournalEvent) => void;
