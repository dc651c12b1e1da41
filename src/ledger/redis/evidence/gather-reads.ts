import type { ReadUpTo } from '../../conversations.ts';

/** A read that is proved by an index that has moved, or not at all. */
export interface PossibleRead extends ReadUpTo {
  /** ms since the epoch. */
  at: number;
  /** Its minute and source; of two the smaller is the one that stands. */
  stamp: number;
}

/** What is told of a person for certain; first and last are empty bounds when nothing is. */
export interface Certain {
  /** Whole seconds since the epoch. */
  firstAt: number;
  lastAt: number;
  /** By bit of the signal. */
  stamps: Map<number, number>;
}

/** What is told for certain, with one possible read at most. */
interface Entry extends Certain {
  read: PossibleRead | null;
}

/**
 * Puts possible reads of a person in a month to what is told of them for certain: each stands in an entry that is the same
 * without it, or is nothing. At least one entry; nearly always exactly one, since the event that tells of a read tells of a
 * connection at the same instant.
 *
 * @param bit of the signal `read`; where it is only possible, its stamp is the first
 */
export function gatherReads(certain: Certain, reads: readonly PossibleRead[], bit: number): Entry[] {
  const left = leaveOutNeedless(certain, reads, certain.stamps.get(bit));
  const entries: Entry[] = [];
  if (certain.stamps.size > 0) {
    const position = certain.stamps.has(bit) ? -1 : left.findIndex((read) => isWithin(certain, read));
    const [read = null] = position < 0 ? [] : left.splice(position, 1);
    const stamps = read === null ? certain.stamps : new Map([[bit, read.stamp], ...certain.stamps]);
    entries.push({ ...certain, stamps, read });
  }
  for (const read of left) {
    const [seconds, stamps] = [secondsOf(read), new Map([[bit, read.stamp]])];
    entries.push({ firstAt: seconds, lastAt: seconds, stamps, read });
  }
  return entries;
}

/** Without those that change nothing beside the others, whether they are proved or not. The earliest first. */
function leaveOutNeedless(
  certain: Certain,
  reads: readonly PossibleRead[],
  certainStamp: number | undefined,
): PossibleRead[] {
  const left: PossibleRead[] = [];
  for (const read of reads.toSorted((one, other) => one.at - other.at)) {
    const isSeen = isWithin(certain, read);
    if (isSeen && certainStamp !== undefined && certainStamp <= read.stamp) continue;
    // Whatever speaks against the other one speaks against this one too.
    const isCovered = left.some(
      (other) =>
        other.conversation === read.conversation &&
        other.index >= read.index &&
        other.stamp <= read.stamp &&
        (isSeen || secondsOf(other) === secondsOf(read)),
    );
    if (!isCovered) left.push(read);
  }
  return left;
}

function isWithin({ firstAt, lastAt }: Certain, read: PossibleRead): boolean {
  return firstAt <= secondsOf(read) && secondsOf(read) <= lastAt;
}

function secondsOf({ at }: PossibleRead): number {
  return Math.floor(at / 1000);
}
