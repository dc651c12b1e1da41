import type { Ledger } from '../ledger/ledger.ts';
import type { ArchiveBook } from './archive-book.ts';

/**
 * A ledger that remembers whom it erased until the archive has forgotten them, too. Noted before the erasure: a crash
 * between the two leaves a pseudonym in the archive for somebody whom the ledger still knows, never the other way round.
 *
 * @param ledger one of plain functions, such as a timed one
 * @param hasArchive whether this gateway has a folder: a ledger that lost its data does not know what is in it
 */
export function noteErasures(ledger: Ledger, book: ArchiveBook, hasArchive: boolean): Ledger {
  return {
    ...ledger,
    async change(service, change, terms) {
      if (change.kind === 'erase' && (hasArchive || (await book.readHead(service)) !== null)) {
        const noted = change.erasures.map(({ identity, pseudonym }) => ({ identity, pseudonym }));
        await book.changeErasures(service, (erased) => [...erased, ...noted]);
      }
      return ledger.change(service, change, terms);
    },
  };
}
