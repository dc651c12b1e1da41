import { setTimeout as sleep } from 'node:timers/promises';
import { GatewayError } from '../domain/gateway-error.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { ConversationMark } from '../ledger/conversations.ts';
import type { Evidence, EvidenceLedger } from '../ledger/ledger.ts';
import type { RecordEvidence } from './ports.ts';
import { type RecentEventsOptions, skipRepeats } from './recent-events.ts';
import { within } from './within.ts';

/** What the ledger writes in one call, see `ledger/redis/evidence/evidence.ts`: most events are two pieces of evidence and a mark. */
const PIECES_MAX = 1_024;
const MARKS_MAX = 512;
/** Calls that are sent together; more would hold up mints for longer than some 8 ms. */
const CALLS_MAX = 2;

/** Of two seconds of the busiest hour, or of hours of a quiet one. */
const RECENT_MAX = 10_000;

/**
 * From one call to the next: without it, that would carry the little that came during this one. Redis pays some 300 µs
 * for a call that it syncs to its disk, whatever is in it; nobody waits for these answers but Twilio.
 */
const GATHER_MS = 100;

/** What several senders brought, for one call of the ledger. */
interface Batch {
  evidence: Evidence[];
  marks: ConversationMark[];
  /** What its senders wait for: the call, or its deadline, counted from the first of them. */
  done: Promise<void>;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * Brings evidence and marks to the ledger in as few calls as it takes: what comes while calls are under way waits for
 * them and goes together. A call that fails fails for everybody in it, and when the ledger is away for all who wait
 * behind it, so that they need not find out one by one. Repeating does no harm.
 *
 * @param deadlineMs after so long senders are told `ledger-unavailable`; the call itself goes on
 * @param memory what the memory of recent events goes by
 */
export function createEvidenceBatches(
  ledger: EvidenceLedger,
  deadlineMs: number,
  memory: Omit<RecentEventsOptions, 'eventsMax'>,
): RecordEvidence {
  return skipRepeats(createBatches(ledger, deadlineMs), { ...memory, eventsMax: RECENT_MAX });
}

function createBatches(ledger: EvidenceLedger, deadlineMs: number): RecordEvidence {
  const waiting = new Map<ServiceName, Batch[]>();

  async function bring(service: ServiceName, batches: Batch[]): Promise<void> {
    while (batches.length > 0) {
      const pause = sleep(GATHER_MS);
      const sent = batches.splice(0, CALLS_MAX);
      const results = await Promise.allSettled(sent.map((batch) => send(ledger, service, batch)));
      const away = results.find((result) => result.status === 'rejected' && isAway(result.reason));
      if (away?.status === 'rejected') for (const batch of batches.splice(0)) batch.reject(away.reason);
      await pause;
    }
    waiting.delete(service);
  }

  function open(service: ServiceName): Batch[] {
    const batches: Batch[] = [];
    waiting.set(service, batches);
    setImmediate(() => void bring(service, batches));
    return batches;
  }

  return (service, evidence, marks = []) => {
    if (evidence.length + marks.length === 0) return Promise.resolve();
    const batches = waiting.get(service) ?? open(service);
    let batch = batches.at(-1);
    if (batch === undefined || !hasRoom(batch, evidence, marks)) {
      batch = createBatch(deadlineMs);
      batches.push(batch);
    }
    batch.evidence.push(...evidence);
    batch.marks.push(...marks);
    return batch.done;
  };
}

/** A defect is a matter of one batch; a ledger that is away is one of all. */
function isAway(error: unknown): boolean {
  return error instanceof GatewayError && error.code === 'ledger-unavailable';
}

function createBatch(deadlineMs: number): Batch {
  const { promise, resolve, reject } = withResolvers();
  const done = within(deadlineMs, promise);
  done.catch(() => {});
  return { evidence: [], marks: [], done, resolve, reject };
}

function hasRoom(batch: Batch, evidence: readonly Evidence[], marks: readonly ConversationMark[]): boolean {
  return (
    batch.evidence.length + evidence.length <= PIECES_MAX && batch.marks.length + marks.length <= MARKS_MAX
  );
}

async function send(ledger: EvidenceLedger, service: ServiceName, batch: Batch): Promise<void> {
  try {
    await ledger.record(service, batch.evidence, batch.marks);
    batch.resolve();
  } catch (error) {
    batch.reject(error);
    throw error;
  }
}

function withResolvers() {
  let [resolve, reject]: [() => void, (error: unknown) => void] = [() => {}, () => {}];
  const promise = new Promise<void>((onDone, onFailure) => {
    [resolve, reject] = [onDone, onFailure];
  });
  return { promise, resolve, reject };
}
