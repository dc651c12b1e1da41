import { parseEvidenceEntry } from '../evidence-entry.ts';
import { parseMintEntry } from './mint-entry.ts';
import type { JournalEntry } from './ports.ts';

/** The entry, or null for a text that is none, such as one that a later version has written. */
export function parseEntry(text: string): JournalEntry | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const fields = (value ?? {}) as Record<string, unknown>;
  if (fields['kind'] === 'evidence') return parseEvidenceEntry(fields);
  return fields['kind'] === 'mint' ? parseMintEntry(fields) : null;
}
