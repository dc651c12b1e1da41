import type { ServiceName } from '../../domain/service-name.ts';
import type { ConversationMark } from '../conversations.ts';
import type { Evidence } from '../ledger.ts';
import { type EvidenceEntry, formatEvidenceEntry, parseEvidenceEntry } from './evidence-entry.ts';
import { Journal, type JournalOptions } from './journal.ts';

export interface EvidenceBatch {
  entries: EvidenceEntry[];
  /** Entries that the disk gave back damaged, or that this version cannot read. */
  damaged: number;
  end: number;
}

/**
 * A journal of evidence and marks that wait for the ledger.
 *
 * @throws JournalUnusable
 */
export function openEvidenceJournal(options: JournalOptions) {
  const journal = new Journal(options);
  return {
    append: (service: ServiceName, evidence: readonly Evidence[], marks: readonly ConversationMark[]) =>
      journal.append(formatEvidenceEntry(service, evidence, marks)),
    async next(): Promise<EvidenceBatch | null> {
      const slice = await journal.next();
      if (slice === null) return null;
      const entries = slice.texts.map(parseEvidenceEntry).filter((entry) => entry !== null);
      return { entries, damaged: slice.damaged + slice.texts.length - entries.length, end: slice.end };
    },
    settle: ({ end }: Pick<EvidenceBatch, 'end'>) => journal.settle(end),
    bytes: () => journal.bytes,
    close: () => journal.close(),
  };
}
