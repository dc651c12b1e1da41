import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { JournalOptions } from './journal.ts';
import { JournalUnusable } from './journal-unusable.ts';
import { JOURNAL_HEADER } from './open-journal-file.ts';
import { openLedgerJournal } from './open-ledger-journal.ts';
import type { LedgerJournal } from './ports.ts';

export interface OpenJournalsOptions extends JournalOptions {
  /**
   * Whose journals are looked for beside this one: `root` is the path as it is configured, behind which each of several
   * `processes` puts its place. Null where another process of the same gateway looks.
   */
  left: { root: string; processes: number } | null;
}

/** A process's journals: its own, and what gateways with another number of processes left. */
export interface Journals {
  own: LedgerJournal;
  left: LedgerJournal[];
}

/** @throws JournalUnusable of its own journal only */
export function openJournals({ left, ...options }: OpenJournalsOptions): Journals {
  const own = openLedgerJournal(options);
  return { own, left: left === null ? [] : openLeft(left, options.bytesMax) };
}

/** What is no journal is left alone, and one that somebody holds is theirs to bring. */
function openLeft(
  { root, processes }: { root: string; processes: number },
  bytesMax: number,
): LedgerJournal[] {
  return findLeft(root, processes).flatMap((path) => {
    try {
      return openLedgerJournal({ path, bytesMax });
    } catch (error) {
      if (error instanceof JournalUnusable) return [];
      throw error;
    }
  });
}

function findLeft(root: string, processes: number): string[] {
  const [folder, name] = [dirname(resolve(root)), basename(root)];
  const places = Array.from({ length: processes }, (_, index) => `${name}.${index + 1}`);
  const used = processes === 1 ? [name] : places;
  const isJournal = (entry: string) =>
    entry.startsWith(name) && /^(\.[1-9]\d*)?$/.test(entry.slice(name.length));
  return readdirSync(folder)
    .filter((entry) => isJournal(entry) && !used.includes(entry))
    .map((entry) => join(folder, entry))
    .filter((path) => statSync(path).size > JOURNAL_HEADER.length);
}
