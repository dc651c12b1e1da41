import { type Month, monthEndSeconds, monthStartSeconds, previousMonth } from '../../domain/month.ts';
import { type EvidenceSource, SIGNALS, type Signal } from '../../domain/signal.ts';
import type { Limits } from '../budget.ts';
import { readLimits } from './limits.ts';
import { MonthCounts } from './month-counts.ts';
import { monthNumber } from './month-number.ts';
import { People } from './people.ts';
import { hasSignal, type Person, setMark, setSignal, signalCode, type Who } from './person.ts';
import type { Statements } from './statements.ts';

/** What brings somebody into a month. */
export interface Arrival {
  classNumber: number;
  tenantNumber: number | null;
  /** Whole seconds since the epoch. */
  at: number;
  signal: Signal;
  source: EvidenceSource;
}

/** One service-month inside one transaction: its people, its sums and its limits. */
export class MonthBook {
  readonly service: number;
  readonly month: Month;
  readonly number: number;
  readonly counts: MonthCounts;
  readonly #statements: Statements;
  readonly #starts: number;
  readonly #ends: number;
  readonly #people: People;
  readonly #peopleBefore: People;
  #limits: Limits | null = null;

  constructor(statements: Statements, service: number, month: Month) {
    this.service = service;
    this.month = month;
    this.number = monthNumber(month);
    this.counts = new MonthCounts(statements, service, this.number);
    this.#statements = statements;
    this.#starts = monthStartSeconds(month);
    this.#ends = monthEndSeconds(month);
    this.#people = new People(statements, service, this.number);
    this.#peopleBefore = new People(statements, service, monthNumber(previousMonth(month)));
  }

  limits(): Limits {
    this.#limits ??= readLimits(this.#statements, this.service, this.number);
    return this.#limits;
  }

  find(who: Who): Person | null {
    return this.#people.find(who);
  }

  wasInMonthBefore(who: Who): boolean {
    return this.#peopleBefore.has(who);
  }

  /** Whether last month's record tells of a conversation that may wait for them. */
  hasReason(who: Who): boolean {
    const before = this.#peopleBefore.find(who);
    return before !== null && (hasSignal(before, 'joined') || hasSignal(before, 'messaged'));
  }

  /** The record of somebody the month does not know; not saved yet. */
  newcomer(who: Who, arrival: Arrival): Person {
    const at = this.clamp(arrival.at);
    const person: Person = {
      classNumber: arrival.classNumber,
      tenantNumber: arrival.tenantNumber,
      mask: 0,
      firstSeen: at,
      lastSeen: at,
      mints: 0,
      lastToken: null,
      signals: SIGNALS.map(() => null),
    };
    this.signal(person, arrival.signal, at, arrival.source);
    if (this.wasInMonthBefore(who)) setMark(person, 'returning');
    return person;
  }

  /** Sets a signal of the month, or moves it to an earlier instant. */
  signal(person: Person, signal: Signal, at: number, source: EvidenceSource): void {
    const minuteOfMonth = Math.floor((this.clamp(at) - this.#starts) / 60);
    setSignal(person, signal, signalCode(minuteOfMonth, source));
  }

  /** Saves a record and its place in the sums. `maskBefore` null: the month did not know the person. */
  save(who: Who, person: Person, maskBefore: number | null): void {
    if (maskBefore === null) this.counts.countArrival(person);
    else this.counts.countChange(person, maskBefore);
    this.#people.save(who, person);
  }

  /** Full hours since the month began. */
  hourOfMonth(instant: number): number {
    return Math.floor((instant - this.#starts) / 3600);
  }

  /** A token of a neighbouring month counts at this month's edge. */
  clamp(instant: number): number {
    return Math.min(Math.max(instant, this.#starts), this.#ends - 1);
  }
}
