import { formatEvidenceEntry } from '../evidence-entry.ts';
import { formatMintEntry } from './mint-entry.ts';
import type { JournalEntry } from './ports.ts';

/** The entry as the text that `parseEntry` reads. */
export function formatEntry(entry: JournalEntry): string {
  return entry.kind === 'mint'
    ? formatMintEntry(entry.service, entry.mint)
    : formatEvidenceEntry(entry.service, entry.evidence, entry.marks);
}
