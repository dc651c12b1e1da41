import type { Identity } from '../../../domain/identity.ts';
import { type Month, monthOf, monthStartSeconds } from '../../../domain/month.ts';
import { EVIDENCE_SOURCES, SIGNALS } from '../../../domain/signal.ts';
import type { Evidence } from '../../ledger.ts';

/** What is told of a person in one month. */
export interface PersonEvidence {
  identity: Identity;
  className: string;
  /** Whole seconds since the epoch. */
  firstAt: number;
  lastAt: number;
  /** At least one; each signal is in one piece. */
  pieces: Piece[];
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

/** More than there are sources. */
const SOURCES_MAX = 256;

type Gathering = Omit<PersonEvidence, 'pieces'> & { stamps: Map<number, number> };

/**
 * Evidence as the ledger needs it: one entry for each person and month. Of a signal that was told more than once the
 * earliest minute stands, and at the same minute the first in the list of sources.
 */
export function gatherEvidence(evidence: readonly Evidence[]): Map<Month, PersonEvidence[]> {
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
  return new Map([...months].map(([month, people]) => [month, [...people.values()].map(intoPieces)]));
}

function addPiece(
  people: Map<Identity, Gathering>,
  { identity, className, signal, source, at }: Evidence,
  monthStarts: number,
): void {
  const seconds = Math.floor(at / 1000);
  let person = people.get(identity);
  if (person === undefined) {
    person = { identity, className, firstAt: seconds, lastAt: seconds, stamps: new Map() };
    people.set(identity, person);
  }
  person.firstAt = Math.min(person.firstAt, seconds);
  person.lastAt = Math.max(person.lastAt, seconds);
  // The smaller number is the one that stands.
  const stamp = Math.floor((seconds - monthStarts) / 60) * SOURCES_MAX + EVIDENCE_SOURCES.indexOf(source);
  const bit = SIGNALS.indexOf(signal);
  person.stamps.set(bit, Math.min(stamp, person.stamps.get(bit) ?? stamp));
}

function intoPieces({ stamps, ...person }: Gathering): PersonEvidence {
  const pieces: Piece[] = [];
  for (const [bit, stamp] of stamps) {
    const [minute, source] = [Math.floor(stamp / SOURCES_MAX), stamp % SOURCES_MAX];
    const same = pieces.find((piece) => piece.minute === minute && piece.source === source);
    if (same !== undefined) same.signals |= 1 << bit;
    else pieces.push({ signals: 1 << bit, minute, source });
  }
  return { ...person, pieces };
}
