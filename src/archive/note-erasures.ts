import type { ServiceName } from '../domain/service-name.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { ArchiveBook, ErasedPerson } from './archive-book.ts';

/**
 * A ledger that remembers whom it erased until the archive has forgotten them, too. Noted before the erasure: a crash
 * between the two leaves a pseudonym in the archive for somebody whom the ledger still knows, never the other way round.
 *
 * @param ledger one of plain functions, such as a timed one
 */
export function noteErasures(
  ledger: Ledger,
  book: ArchiveBook,
  hasArchive: (service: ServiceName) => Promise<boolean>,
): Ledger {
  return {
    ...ledger,
    async change(service, change, terms) {
      if (change.kind === 'erase' && (await hasArchive(service))) {
        const { erasures, archived = [] } = change;
        await book.changeErasures(service, (erased) => {
          // Rows that the ledger has of them by now stand under the pseudonym that they were given first.
          const noted = new Set(erased.map(({ identity }) => identity));
          const further = archived.filter(({ identity }) => !noted.has(identity));
          return [...erased, ...[...erasures, ...further].map(toErased)];
        });
      }
      return ledger.change(service, change, terms);
    },
  };
}

function toErased({ identity, pseudonym }: ErasedPerson): ErasedPerson {
  return { identity, pseudonym };
}
