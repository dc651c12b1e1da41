import { within } from '../../async/within.ts';
import { GatewayError } from '../../domain/gateway-error.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import type { ConversationMark } from '../conversations.ts';
import type { Evidence, EvidenceLedger } from '../ledger.ts';
import type { ReplayedMint, ReplayLedger } from '../replay.ts';
import type { JournalBatch, JournalEventSink, LedgerJournal } from './ports.ts';

/** What a journal is brought to. */
export type ReplayTarget = ReplayLedger & EvidenceLedger;

export interface JournalReplayParts {
  ledger: ReplayTarget;
  journal: Pick<LedgerJournal, 'next' | 'settle' | 'bytes'>;
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

/** What a batch has of one service. */
interface Group {
  mints: ReplayedMint[];
  evidence: Evidence[];
  marks: ConversationMark[];
}

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

  async function bring(batch: JournalBatch): Promise<void> {
    try {
      for (const [service, { mints, evidence, marks }] of groupByService(batch)) {
        // First: whoever the ledger has lost gets class and tenant from a mint, which evidence does not know.
        if (mints.length > 0) await inTime(ledger.replay(service, mints));
        if (evidence.length + marks.length > 0) await inTime(ledger.record(service, evidence, marks));
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

function groupByService({ entries }: JournalBatch): Map<ServiceName, Group> {
  const groups = new Map<ServiceName, Group>();
  for (const entry of entries) {
    const group = groups.get(entry.service) ?? { mints: [], evidence: [], marks: [] };
    groups.set(entry.service, group);
    if (entry.kind === 'mint') {
      group.mints.push(entry.mint);
    } else {
      group.evidence.push(...entry.evidence);
      group.marks.push(...entry.marks);
    }
  }
  return groups;
}

function inTime(work: Promise<unknown>): Promise<unknown> {
  const late = () => new GatewayError('ledger-unavailable', `no answer within ${LEDGER_DEADLINE_MS} ms`);
  return within(LEDGER_DEADLINE_MS, work, late);
}
