import { LedgerUnavailable } from '../../domain/ledger-unavailable.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import { formatEntry } from './format-entry.ts';
import { JOURNAL_HEADER } from './open-journal-file.ts';
import type { JournalBatch, JournalEntry, JournalEventSink, LedgerJournal } from './ports.ts';
import { type Sifted, siftEntries } from './sift-entries.ts';
import { type ReplayTarget, tellEntries } from './tell-entries.ts';

export interface JournalReplayParts {
  ledger: ReplayTarget;
  journal: Pick<LedgerJournal, 'next' | 'settle' | 'setAside' | 'bytes'>;
  /** Resolves after so many ms, or at once when the signal fires; never rejects. */
  sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  onEvent: JournalEventSink;
}

export interface JournalReplay {
  /** To be called after every append: brings what is in the journal, unless that goes on already. */
  start(): void;
  /** Whether the ledger took nothing of a service when it was last told, and has not been told with success since. */
  isWaiting(service: ServiceName): boolean;
  stop(): Promise<void>;
}

const RETRY_MS = 250;
const START = JOURNAL_HEADER.length;

/** A service of which something is still to be brought. */
interface Behind {
  /** Up to here everything of it is in the ledger, in bytes of the file. */
  from: number;
  isWaiting: boolean;
  /** Of the batch that is told next: see `Sifting`, and what is set aside already, as texts. */
  suspects: Map<string, number>;
  aside: Set<string>;
}

/**
 * Brings the journal to the ledger, each service in the order in which it was written, and tries again until the ledger
 * answers: one that is away for a service keeps nothing of the others. Everything is settled only once it was brought: a
 * crash before that brings it twice, which the ledger does not mind.
 */
export function createJournalReplay(parts: JournalReplayParts): JournalReplay {
  const { ledger, journal, sleep, onEvent } = parts;
  const stopping = new AbortController();
  const behind = new Map<ServiceName, Behind>();
  let running: Promise<void> | null = null;
  /** Up to here it is known of which services there is something. */
  let seen = START;
  /** Something was appended since the journal was last looked into. */
  let appended = false;
  /** Brought or lost since this was last told. */
  let told = { entries: 0, damaged: 0 };

  async function run(): Promise<void> {
    let hasFailed = false;
    while (!stopping.signal.aborted) {
      try {
        appended = false;
        await lookAhead();
        const moved = await bringSome();
        const isEmptied = await settle();
        hasFailed = false;
        if (isEmptied && !appended) break;
        if (moved || behind.size === 0) continue;
      } catch (failure) {
        if (!hasFailed) onEvent({ kind: 'waiting', service: null, failure, bytes: journal.bytes() });
        hasFailed = true;
      }
      await sleep(RETRY_MS, stopping.signal);
    }
    running = null;
  }

  /** Until somebody is found of whom nothing was to be brought before. */
  async function lookAhead(): Promise<void> {
    for (let hasFound = false; !hasFound; ) {
      const batch = await journal.next({ from: seen });
      if (batch === null) return;
      for (const { service } of batch.entries) {
        if (behind.has(service)) continue;
        behind.set(service, { from: seen, isWaiting: false, suspects: new Map(), aside: new Set() });
        hasFound = true;
      }
      seen = batch.end;
      told.damaged += batch.damaged;
    }
  }

  /** What each service has next, all at the same time. False: nothing could be brought. */
  async function bringSome(): Promise<boolean> {
    const batches = new Map<number, Promise<JournalBatch | null>>();
    const read = (from: number) => {
      const batch = batches.get(from) ?? journal.next({ from, to: seen });
      batches.set(from, batch);
      return batch;
    };
    const turns = [...behind].map(async ([service, place]) => {
      const batch = await read(place.from);
      const entries = batch?.entries.filter((entry) => entry.service === service) ?? [];
      if (entries.length > 0 && !(await bring(service, place, entries))) return false;
      place.from = batch?.end ?? seen;
      if (place.from === seen) behind.delete(service);
      return true;
    });
    // All of them: none may still be at work when the next look begins.
    const results = await Promise.allSettled(turns);
    for (const result of results) if (result.status === 'rejected') throw result.reason;
    return results.some((result) => result.status === 'fulfilled' && result.value);
  }

  /** False: some of it has to be told again. */
  async function bring(service: ServiceName, place: Behind, entries: JournalEntry[]): Promise<boolean> {
    const { isTaking, left } = await tell(service, place, entries);
    if (left !== null) {
      if (!isTaking && !place.isWaiting) {
        onEvent({ kind: 'waiting', service, failure: left.failure, bytes: journal.bytes() });
      }
      // Where others are taken the ledger is not away.
      place.isWaiting = !isTaking;
      return false;
    }
    told.entries += withoutAside(entries, place).length;
    Object.assign(place, { isWaiting: false, suspects: new Map(), aside: new Set() });
    return true;
  }

  async function tell(service: ServiceName, place: Behind, entries: JournalEntry[]): Promise<Sifted> {
    const { suspects, aside } = place;
    const open = withoutAside(entries, place);
    try {
      await tellEntries(ledger, service, open);
      return { isTaking: true, left: null };
    } catch (failure) {
      if (failure instanceof LedgerUnavailable) return { isTaking: false, left: { failure } };
      const before = aside.size;
      const tellOne = (entry: JournalEntry) => tellEntries(ledger, service, [entry]);
      const setAside = async (entry: JournalEntry) => {
        await journal.setAside(entry);
        aside.add(formatEntry(entry));
      };
      try {
        return await siftEntries(open, { tell: tellOne, setAside, suspects });
      } catch (newer) {
        return { isTaking: false, left: { failure: newer } };
      } finally {
        const entries = aside.size - before;
        if (entries > 0) {
          onEvent({ kind: 'set-aside', service, entries, failure, bytes: journal.bytes() });
        }
      }
    }
  }

  /** Everything up to the service that is behind most. True: nothing is left. */
  async function settle(): Promise<boolean> {
    if (behind.size === 0 && seen === START) return true;
    const end = Math.min(seen, ...[...behind.values()].map(({ from }) => from));
    const isEmptied = await journal.settle({ end });
    if (isEmptied) seen = START;
    const { entries, damaged } = told;
    if (entries > 0 || damaged > 0) {
      told = { entries: 0, damaged: 0 };
      onEvent({ kind: 'replayed', entries, damaged, bytes: journal.bytes() });
    }
    return isEmptied;
  }

  return {
    start() {
      appended = true;
      if (running === null && !stopping.signal.aborted) running = run();
    },
    isWaiting: (service) => behind.get(service)?.isWaiting ?? false,
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

function withoutAside(entries: JournalEntry[], { aside }: Behind): JournalEntry[] {
  return aside.size === 0 ? entries : entries.filter((entry) => !aside.has(formatEntry(entry)));
}
