import type { Clock } from '../domain/clock.ts';
import { type Month, monthOf } from '../domain/month.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { ConversationMark } from '../ledger/conversations.ts';
import type { Evidence, Ledger } from '../ledger/ledger.ts';
import type { ArchiveBook } from './archive-book.ts';
import { oldestKept } from './due-months.ts';

/**
 * A ledger that takes nothing for people who were taken out of it: they would be counted a second time. Only what is about
 * the running month or the one before is let through unasked, since nothing of those ever leaves.
 *
 * @param ledger one of plain functions, such as a timed one
 * @param onLate told how many pieces were dropped
 */
export function dropLate(
  ledger: Ledger,
  book: ArchiveBook,
  clock: Clock,
  onLate: (service: ServiceName, month: Month, pieces: number) => void,
): Ledger {
  /** Those pieces whose month still takes them. */
  async function keepTimely<Piece>(
    service: ServiceName,
    pieces: readonly Piece[],
    monthOfPiece: (piece: Piece) => Month | null,
    isGone: (month: Month) => Promise<boolean>,
  ): Promise<readonly Piece[]> {
    const keptFrom = oldestKept(clock.now(), 1);
    const isOld = (piece: Piece) => {
      const month = monthOfPiece(piece);
      return month !== null && month < keptFrom;
    };
    // Nearly nothing ever is, and evidence comes by the thousand.
    if (!pieces.some(isOld)) return pieces;
    const old = new Set(pieces.filter(isOld).map(monthOfPiece));
    const gone = new Set<Month | null>();
    for (const month of old) if (month !== null && (await isGone(month))) gone.add(month);
    const timely = pieces.filter((piece) => !gone.has(monthOfPiece(piece)));
    for (const month of gone) {
      const late = pieces.filter((piece) => monthOfPiece(piece) === month).length;
      if (month !== null) onLate(service, month, late);
    }
    return timely;
  }

  /** Whether the month has lost one of these kinds of rows, or is about to. */
  async function hasLost(service: ServiceName, month: Month, kinds: readonly ('mints' | 'people')[]) {
    const record = await book.read(service, month);
    return record !== null && kinds.some((kind) => record[kind] !== 'kept');
  }

  const keepEvidence = (service: ServiceName, evidence: readonly Evidence[]) =>
    keepTimely(
      service,
      evidence,
      ({ at }) => monthOf(at),
      (month) => hasLost(service, month, ['people']),
    );

  const keepMarks = (service: ServiceName, marks: readonly ConversationMark[]) =>
    keepTimely(
      service,
      marks,
      // Who is a member is about no month.
      (mark) => (mark.kind === 'message' ? monthOf(mark.at) : null),
      async (month) => {
        const swept = await book.readSwept(service);
        return swept !== null && month < swept;
      },
    );

  return {
    ...ledger,
    async record(service, evidence, marks = []) {
      const timely = await keepEvidence(service, evidence);
      const timelyMarks = await keepMarks(service, marks);
      if (timely.length + timelyMarks.length > 0) await ledger.record(service, timely, timelyMarks);
    },
    async replay(service, mints) {
      const timely = await keepTimely(
        service,
        mints,
        ({ issuedAt }) => monthOf(issuedAt * 1000),
        (month) => hasLost(service, month, ['mints', 'people']),
      );
      if (timely.length > 0) await ledger.replay(service, timely);
    },
  };
}
