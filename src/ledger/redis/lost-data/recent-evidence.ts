import { LRUCache } from 'lru-cache';
import type { ServiceName } from '../../../domain/service-name.ts';
import type { ConversationMark } from '../../conversations.ts';
import { type EvidenceEntry, formatEvidenceEntry, parseEvidenceEntry } from '../../evidence-entry.ts';
import type { Evidence } from '../../ledger.ts';

/** Some 12,000 events: more than two seconds of as many as one process takes. */
const CHARACTERS_MAX = 2 * 1024 * 1024;

/** Replicas are behind by seconds. Older than this it would only be in memory. */
const KEPT_MS = 300_000;

interface Entry {
  service: ServiceName;
  text: string;
  /** ms, monotonic. */
  notedAt: number;
}

/**
 * The evidence that this process has brought to the ledger in the last minutes, as far as it fits; the oldest is forgotten
 * first.
 *
 * Kept as text: an identity may be a part of a request's body, and would hold on to all of it.
 */
export class RecentEvidence {
  readonly #entries = new LRUCache<number, Entry>({
    maxSize: CHARACTERS_MAX,
    sizeCalculation: ({ text }) => text.length,
  });
  #number = 0;

  /** @param now ms, monotonic */
  note(
    service: ServiceName,
    evidence: readonly Evidence[],
    marks: readonly ConversationMark[],
    now: number,
  ): void {
    if (evidence.length + marks.length === 0) return;
    const text = formatEvidenceEntry(service, evidence, marks);
    this.#entries.set(this.#number++, { service, text, notedAt: now });
    this.#forgetBefore(now - KEPT_MS);
  }

  #forgetBefore(instant: number): void {
    let [oldest] = this.#entries.rvalues();
    while (oldest !== undefined && oldest.notedAt < instant) {
      this.#entries.pop();
      [oldest] = this.#entries.rvalues();
    }
  }

  /** Of one service, what was noted first comes first. What is noted meanwhile is not among it. */
  *of(service: ServiceName): Iterable<EvidenceEntry> {
    for (const entry of [...this.#entries.rvalues()]) {
      if (entry?.service !== service) continue;
      const parsed = parseEvidenceEntry(JSON.parse(entry.text));
      if (parsed !== null) yield parsed;
    }
  }
}
