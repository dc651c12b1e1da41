import { dayNamesOf, type Month } from '../../domain/month.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import type { DayTotals } from '../ledger.ts';
import type { Books } from './books.ts';
import { ANSWER_KINDS } from './month-counts.ts';
import { monthNumber } from './month-number.ts';
import { addTo } from './sums.ts';

/** One row for every day of the month. */
export function readDays({ statements, names }: Books, service: ServiceName, month: Month): DayTotals[] {
  const dayNames = dayNamesOf(month);
  const days = dayNames.map(() => new Day());
  const serviceNumber = names.find(service);
  if (serviceNumber !== null) {
    const key = [serviceNumber, monthNumber(month)] as const;
    for (const row of statements.all<[number, number, number, number]>('read-arrivals', key)) {
      const [day, hour, classNumber, identities] = row;
      // Evidence of an earlier hour leaves zeros behind.
      if (identities > 0) days[day - 1]?.addArrivals(hour, names.nameOf(classNumber), identities);
    }
    for (const row of statements.all<[number, number, number, number]>('read-answers', key)) {
      const [day, kind, code, answers] = row;
      if (kind === ANSWER_KINDS.refused && answers > 0)
        days[day - 1]?.addRefusals(names.nameOf(code), answers);
      if (kind === ANSWER_KINDS.minted) days[day - 1]?.addMints(answers);
      if (kind === ANSWER_KINDS.reused) days[day - 1]?.addReuses(answers);
      if (kind === ANSWER_KINDS.beacons) days[day - 1]?.addBeacons(answers);
    }
  }
  return days.map((day, position) => day.toTotals(`${month}-${dayNames[position]}`));
}

class Day {
  readonly #newByClass = new Map<string, number>();
  readonly #newByHour: number[] = new Array(24).fill(0);
  readonly #refused = new Map<string, number>();
  #minted = 0;
  #reused = 0;
  #beacons = 0;

  addArrivals(hour: number, className: string, identities: number): void {
    addTo(this.#newByClass, className, identities);
    this.#newByHour[hour] = (this.#newByHour[hour] ?? 0) + identities;
  }

  addMints(mints: number): void {
    this.#minted += mints;
  }

  addReuses(reuses: number): void {
    this.#reused += reuses;
  }

  addBeacons(beacons: number): void {
    this.#beacons += beacons;
  }

  addRefusals(code: string, answers: number): void {
    addTo(this.#refused, code, answers);
  }

  toTotals(day: string): DayTotals {
    return {
      day,
      newByClass: Object.fromEntries(this.#newByClass),
      newByHour: this.#newByHour,
      minted: this.#minted,
      reused: this.#reused,
      refused: Object.fromEntries(this.#refused),
      beacons: this.#beacons,
    };
  }
}
