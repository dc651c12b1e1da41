import type { RetentionLedger } from '../retention.ts';
import type { Books } from './books.ts';
import { raiseFigures, restoreMints, restorePeople } from './restore.ts';
import { trimConversations, trimMints, trimPeople } from './trim.ts';

/** @param write runs a step inside a transaction */
export function createSqliteRetention(
  write: <Answer>(step: (books: Books) => Answer) => Promise<Answer>,
): RetentionLedger {
  return {
    trimMints: (service, month, upTo) => write((books) => trimMints(books, service, month, upTo)),
    trimPeople: (service, month) => write((books) => trimPeople(books, service, month)),
    trimConversations: (service, month, after) =>
      write((books) => trimConversations(books, service, month, after)),
    restoreMints: (service, month, { rows }) => write((books) => restoreMints(books, service, month, rows)),
    // Rows were shown as they came.
    finishMints: async () => {},
    restorePeople: (service, month, people, how) =>
      write((books) => restorePeople(books, service, month, people, how)),
    // The sums of earlier steps of the transaction go first, since it asks the tables themselves.
    raiseFigures: (service, month, figures) =>
      write((books) => {
        books.write();
        raiseFigures(books, service, month, figures);
      }),
  };
}
