import type { Identity } from '../../domain/identity.ts';
import {
  bitOf,
  EVIDENCE_SOURCES,
  type EvidenceSource,
  type Mark,
  SIGNALS,
  type Signal,
} from '../../domain/signal.ts';
import { bucketOf } from '../buckets.ts';

/** Where an identity stands in every month. */
export interface Who {
  identity: Identity;
  bucket: number;
}

export function whoIs(identity: Identity): Who {
  return { identity, bucket: bucketOf(identity) };
}

/** The last mint of a month, from which its token can be rebuilt. */
export interface LastToken {
  issuedAt: number;
  lifeSeconds: number;
  ordinal: number;
  policyMark: number;
}

/** An identity's record in a month. Instants in whole seconds since the epoch. */
export interface Person {
  classNumber: number;
  tenantNumber: number | null;
  mask: number;
  firstSeen: number;
  lastSeen: number;
  mints: number;
  lastToken: LastToken | null;
  /** By position in {@link SIGNALS}: a {@link signalCode}, or null when the signal is not set. */
  signals: (number | null)[];
}

const SECONDS_A_DAY = 86_400;
const SOURCES_MAX = 16;

/**
 * First minute and source of a signal in one number, which sorts by minute and then by source: the lesser one
 * wins, so that the same act told by two sources at the same time ends the same in whatever order they come.
 */
export function signalCode(minuteOfMonth: number, source: EvidenceSource): number {
  return minuteOfMonth * SOURCES_MAX + EVIDENCE_SOURCES.indexOf(source);
}

export function readSignalCode(code: number): { minuteOfMonth: number; source: EvidenceSource } {
  const source = EVIDENCE_SOURCES[code % SOURCES_MAX];
  if (!source) throw new Error(`the ledger has a signal of unknown source: ${code}`);
  return { minuteOfMonth: Math.floor(code / SOURCES_MAX), source };
}

export function hasSignal(person: Person, signal: Signal): boolean {
  return (person.mask & bitOf(signal)) !== 0;
}

/** Sets a signal, or moves it to an earlier instant. */
export function setSignal(person: Person, signal: Signal, code: number): void {
  const position = SIGNALS.indexOf(signal);
  const before = person.signals[position] ?? null;
  person.mask |= bitOf(signal);
  person.signals[position] = before === null ? code : Math.min(before, code);
}

export function hasMark(person: Person, mark: Mark): boolean {
  return (person.mask & bitOf(mark)) !== 0;
}

export function setMark(person: Person, mark: Mark): void {
  person.mask |= bitOf(mark);
}

export function isSameDay(a: number, b: number): boolean {
  return Math.floor(a / SECONDS_A_DAY) === Math.floor(b / SECONDS_A_DAY);
}
