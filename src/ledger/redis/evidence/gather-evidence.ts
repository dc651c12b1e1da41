import type { Identity } from '../../../domain/identity.ts';
import { type Month, monthOf, monthStartSeconds } from '../../../domain/month.ts';
import { EVIDENCE_SOURCES, SIGNALS } from '../../../domain/signal.ts';
import type { Evidence } from '../../ledger.ts';
import { type Certain, gatherReads, type PossibleRead } from './gather-reads.ts';

/** What is told of a person in one month. */
export interface PersonEvidence {
  identity: Identity;
  className: string;
  /** Whole seconds since the epoch. */
  firstAt: number;
  lastAt: number;
  /** At least one; each signal is in one piece. */
  pieces: Piece[];
  /**
   * When `read` is proved only by an index that has moved: it stands in the first piece then, and first and last are the
   * same without it, unless nothing else is told.
   */
  read: PossibleRead | null;
}

/** Signals that were told for the same minute by the same source. */
export interface Piece {
  /** Bits. */
  signals: number;
  /** Of the month, from 0. */
  minute: number;
  /** Position in {@link EVIDENCE_SOURCES}. */
  source: number;
}

interface Gathering extends Certain {
  identity: Identity;
  className: string;
  reads: PossibleRead[];
}

/** More than there are sources. */
const SOURCES_MAX = 256;
const READ = SIGNALS.indexOf('read');

/**
 * Evidence as the ledger needs it: one entry for each person and month. Of a signal that was told more than once the
 * earliest minute stands, and at the same minute the first in the list of sources. An entry has one possible read at most:
 * those that are left have entries of their own, in further rounds. In a round each person is once.
 */
export function gatherEvidence(evidence: readonly Evidence[]): Map<Month, PersonEvidence[][]> {
  const months = new Map<Month, Map<Identity, Gathering>>();
  for (const piece of evidence) {
    const month = monthOf(piece.at);
    let people = months.get(month);
    if (people === undefined) {
      people = new Map();
      months.set(month, people);
    }
    addPiece(people, piece, monthStartSeconds(month));
  }
  return new Map([...months].map(([month, people]) => [month, intoRounds(people.values())]));
}

function addPiece(people: Map<Identity, Gathering>, piece: Evidence, monthStarts: number): void {
  const { identity, className, signal, at, upTo } = piece;
  const seconds = Math.floor(at / 1000);
  let person = people.get(identity);
  if (person === undefined) {
    const nothing = {
      firstAt: Number.POSITIVE_INFINITY,
      lastAt: Number.NEGATIVE_INFINITY,
      stamps: new Map(),
    };
    person = { identity, className, ...nothing, reads: [] };
    people.set(identity, person);
  }
  const stamp = stampOf(piece, monthStarts);
  if (upTo !== undefined) {
    person.reads.push({ ...upTo, at, stamp });
    return;
  }
  person.firstAt = Math.min(person.firstAt, seconds);
  person.lastAt = Math.max(person.lastAt, seconds);
  const bit = SIGNALS.indexOf(signal);
  person.stamps.set(bit, Math.min(stamp, person.stamps.get(bit) ?? stamp));
}

/** Minute of the month and source as one number. */
function stampOf({ at, source }: Evidence, monthStarts: number): number {
  return (
    Math.floor((Math.floor(at / 1000) - monthStarts) / 60) * SOURCES_MAX + EVIDENCE_SOURCES.indexOf(source)
  );
}

function intoRounds(people: Iterable<Gathering>): PersonEvidence[][] {
  const first: PersonEvidence[] = [];
  const rounds = [first];
  for (const { identity, className, reads, ...certain } of people) {
    if (reads.length === 0) {
      const { firstAt, lastAt, stamps } = certain;
      first.push({ identity, className, firstAt, lastAt, pieces: intoPieces(stamps), read: null });
      continue;
    }
    for (const [round, entry] of gatherReads(certain, reads, READ).entries()) {
      rounds[round] ??= [];
      const { firstAt, lastAt, stamps, read } = entry;
      rounds[round].push({ identity, className, firstAt, lastAt, pieces: intoPieces(stamps), read });
    }
  }
  return rounds;
}

/** The piece of the bit that was told first comes first. */
function intoPieces(stamps: ReadonlyMap<number, number>): Piece[] {
  const pieces: Piece[] = [];
  for (const [bit, stamp] of stamps) {
    const [minute, source] = [Math.floor(stamp / SOURCES_MAX), stamp % SOURCES_MAX];
    const same = pieces.find((piece) => piece.minute === minute && piece.source === source);
    if (same !== undefined) same.signals |= 1 << bit;
    else pieces.push({ signals: 1 << bit, minute, source });
  }
  return pieces;
}
