import { randomBytes } from 'node:crypto';
import { formatEvidenceEntry } from '../evidence-entry.ts';
import { Journal, type JournalOptions } from './journal.ts';
import { formatMintEntry } from './mint-entry.ts';
import { parseEntry } from './parse-entry.ts';
import type { LedgerJournal } from './ports.ts';

/**
 * A journal of what waits for the ledger: evidence with its marks, and mints that were given out without it.
 *
 * Mints are numbered under an id that is drawn anew each time a journal is opened, and both stand in the entry. So no
 * number comes twice, however a process ended and whether the file was emptied since.
 *
 * @throws JournalUnusable
 */
export function openLedgerJournal(options: JournalOptions): LedgerJournal {
  const journal = new Journal(options);
  const id = randomBytes(8).toString('hex');
  let mints = 0;
  return {
    appendEvidence: (service, evidence, marks) =>
      journal.append(formatEvidenceEntry(service, evidence, marks)),
    async appendMint(service, mint) {
      mints += 1;
      const number = mints;
      await journal.append(formatMintEntry(service, { ...mint, journal: { id, number } }));
      return `j${id}.${number}`;
    },
    async next() {
      const slice = await journal.next();
      if (slice === null) return null;
      const entries = slice.texts.map(parseEntry).filter((entry) => entry !== null);
      return { entries, damaged: slice.damaged + slice.texts.length - entries.length, end: slice.end };
    },
    settle: ({ end }) => journal.settle(end),
    bytes: () => journal.bytes,
    close: () => journal.close(),
  };
}
