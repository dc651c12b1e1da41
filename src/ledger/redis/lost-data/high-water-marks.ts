import type { Month } from '../../../domain/month.ts';
import type { ServiceName } from '../../../domain/service-name.ts';

/** The highest counts of a month that this process has read. They never fall: a store that shows less has lost data. */
export interface HighWaterMark {
  readonly month: Month;
  /** Ordinal of the latest mint. */
  minted: number;
  /** Identities. */
  all: number;
  /** Guests whom members took over. */
  adopted: number;
}

/** Older ones are closed: what may still come to them is evidence, which is never refused. */
const MONTHS_WATCHED = 3;

/** The high-water marks of every service, for its latest months. */
export class HighWaterMarks {
  readonly #services = new Map<ServiceName, HighWaterMark[]>();

  /** That of a month, zeros when nothing was read of it yet; raise it in place. */
  of(service: ServiceName, month: Month): HighWaterMark {
    let marks = this.#services.get(service);
    if (marks === undefined) {
      marks = [];
      this.#services.set(service, marks);
    }
    let mark = marks.find((one) => one.month === month);
    if (mark === undefined) {
      mark = { month, minted: 0, all: 0, adopted: 0 };
      marks.push(mark);
      marks.sort((one, two) => (one.month < two.month ? 1 : -1)).splice(MONTHS_WATCHED);
    }
    return mark;
  }

  /** After a loss the store may never have as many people again as it had; only ordinals are made to go on. */
  forgetPeople(service: ServiceName): void {
    for (const mark of this.all(service)) Object.assign(mark, { all: 0, adopted: 0 });
  }

  /** Newest month first. */
  all(service: ServiceName): readonly HighWaterMark[] {
    return this.#services.get(service) ?? [];
  }
}
