import { LRUCache } from 'lru-cache';
import type { Clock } from '../domain/clock.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { ConversationMark } from '../ledger/conversations.ts';
import type { Evidence } from '../ledger/ledger.ts';
import type { RecordEvidence } from './ports.ts';

/** Whatever is no older is of this month or the one before, which never leave the ledger. */
const REMEMBERED_AGE_MS = 28 * 86_400_000;

export interface RecentEventsOptions {
  /** The longest unused are forgotten beyond this; some 300 bytes each. */
  eventsMax: number;
  clock: Clock;
  /** Adds somebody to be called when the ledger has lost data. */
  onDataLoss(listener: () => void): void;
}

/**
 * Does not bring the same a second time while it is remembered: Twilio repeats itself, and the ledger would read
 * everything only to find that it changes nothing. Whoever repeats what is on its way waits for it, and shares its
 * failure. After any failure all is forgotten, as after a loss of data: a ledger that was away may have come back with less
 * than it had. What is of a month before the last one is not remembered: its people may be in the
 * archive, and be brought back.
 */
export function skipRepeats(
  record: RecordEvidence,
  { eventsMax, clock, onDataLoss }: RecentEventsOptions,
): RecordEvidence {
  const recent = new LRUCache<string, Promise<void>>({ max: eventsMax });
  onDataLoss(() => recent.clear());
  return (service, evidence, marks = []) => {
    const fromMs = clock.now() - REMEMBERED_AGE_MS;
    const isOld = ({ at }: { at: number }) => at < fromMs;
    if (evidence.some(isOld) || marks.some(isOld)) return record(service, evidence, marks);
    const key = describe(service, evidence, marks);
    const known = recent.get(key);
    if (known !== undefined) return known;
    const written = record(service, evidence, marks);
    recent.set(key, written);
    written.catch(() => recent.clear());
    return written;
  };
}

/**
 * Everything that the ledger would write, as a text. Joined, not added up: a text that was added up keeps all its pieces,
 * and a piece that was cut out of a request keeps the whole request.
 */
function describe(
  service: ServiceName,
  evidence: readonly Evidence[],
  marks: readonly ConversationMark[],
): string {
  const parts: unknown[] = [service];
  for (const { identity, signal, at, source, className, upTo } of evidence) {
    parts.push('|', identity, signal, at, source, className);
    if (upTo !== undefined) parts.push(upTo.conversation, upTo.index);
  }
  for (const mark of marks) parts.push('|', ...Object.values(mark));
  return parts.join(' ');
}
