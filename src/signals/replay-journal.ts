import type { ServiceName } from '../domain/service-name.ts';
import type { EvidenceJournal, EvidenceStore, JournalBatch, JournalEventSink } from './ports.ts';
import { within } from './within.ts';

type JournalEntry = JournalBatch['entries'][number];

export interface JournalReplayParts {
  ledger: EvidenceStore;
  journal: EvidenceJournal;
  /** Resolves after so many ms, or at once when the signal fires; never rejects. */
  sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  onEvent: JournalEventSink;
}

export interface JournalReplay {
  /** To be called after every append: brings what is in the journal, unless that goes on already. */
  start(): void;
  /** Whether the ledger was away when it was last asked, and has not been asked with success since. */
  isWaiting(): boolean;
  stop(): Promise<void>;
}

/** For some hundred entries in one go. */
const LEDGER_DEADLINE_MS = 5_000;
const RETRY_MS = 250;

/**
 * Brings the journal to the ledger, in the order in which it was written, and tries again until the ledger answers.
 * Each batch is settled only afterwards: a crash in between brings it twice, which the ledger does not mind.
 */
export function createJournalReplay(parts: JournalReplayParts): JournalReplay {
  const { ledger, journal, sleep, onEvent } = parts;
  const stopping = new AbortController();
  let running: Promise<void> | null = null;
  let waiting = false;
  /** Something was appended since the journal was last looked into. */
  let appended = false;

  async function run(): Promise<void> {
    let told = false;
    while (!stopping.signal.aborted) {
      try {
        appended = false;
        const batch = await journal.next();
        if (batch === null && appended) continue;
        if (batch === null) break;
        await bring(batch);
        await journal.settle(batch);
        told = false;
        const { entries, damaged } = batch;
        onEvent({ kind: 'replayed', entries: entries.length, damaged, bytes: journal.bytes() });
      } catch (failure) {
        if (!told) onEvent({ kind: 'waiting', failure, bytes: journal.bytes() });
        told = true;
        await sleep(RETRY_MS, stopping.signal);
      }
    }
    waiting = false;
    running = null;
  }

  async function bring({ entries }: JournalBatch): Promise<void> {
    const byService = new Map<ServiceName, Pick<JournalEntry, 'evidence' | 'marks'>>();
    for (const { service, evidence, marks } of entries) {
      const group = byService.get(service) ?? { evidence: [], marks: [] };
      byService.set(service, group);
      group.evidence.push(...evidence);
      group.marks.push(...marks);
    }
    try {
      for (const [service, { evidence, marks }] of byService) {
        await within(LEDGER_DEADLINE_MS, ledger.record(service, evidence));
        await within(LEDGER_DEADLINE_MS, ledger.mark(service, marks));
      }
      waiting = false;
    } catch (failure) {
      // Only here: a journal that fails by itself is no reason to keep evidence from the ledger.
      waiting = true;
      throw failure;
    }
  }

  function start(): void {
    appended = true;
    if (running === null && !stopping.signal.aborted) running = run();
  }

  return {
    start,
    isWaiting: () => waiting,
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
