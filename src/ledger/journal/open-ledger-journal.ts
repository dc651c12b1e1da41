import { randomBytes } from 'node:crypto';
import { formatEvidenceEntry } from '../evidence-entry.ts';
import { formatEntry } from './format-entry.ts';
import { Journal, type JournalOptions } from './journal.ts';
import { formatMintEntry } from './mint-entry.ts';
import { parseEntry } from './parse-entry.ts';
import type { JournalEntry, LedgerJournal } from './ports.ts';

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
    async next(range) {
      const slice = await journal.next(range);
      if (slice === null) return null;
      const entries = slice.texts.map(parseEntry).filter((entry) => entry !== null);
      return { entries, damaged: slice.damaged + slice.texts.length - entries.length, end: slice.end };
    },
    settle: ({ end }) => journal.settle(end),
    async setAside(entry) {
      // Rare enough to be opened anew each time: so the file may be moved while the gateway runs.
      const aside = new Journal({ ...options, path: `${options.path}.aside` });
      try {
        await aside.append(formatEntry(ownNumbers(entry)));
      } finally {
        await aside.close();
      }
    },
    bytes: () => journal.bytes,
    close: () => journal.close(),
  };
}

/**
 * A ledger that has taken a later mint of a journal takes no earlier one of it any more: what is set aside has numbers of
 * its own, which are the same when a crash lets it be set aside twice.
 */
function ownNumbers(entry: JournalEntry): JournalEntry {
  if (entry.kind !== 'mint' || entry.mint.journal === null) return entry;
  const { id, number } = entry.mint.journal;
  return { ...entry, mint: { ...entry.mint, journal: { id: `${id}-aside`, number } } };
}
