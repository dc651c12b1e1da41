import type { Month } from '../domain/month.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { IdentityRecord, MintRecord } from './records.ts';

/** How far a walk has come; `next` is where the next call goes on, null at the end. */
export interface Walked {
  next: string | null;
}

/** Rows of the mint log that are put back. */
export interface MintsBack {
  /** Ordinal of the last row of the call before; null for the first call, which begins anew. */
  after: number | null;
  /** In the order of ordinals, at most {@link MINTS_BACK_MAX}. */
  rows: readonly MintRecord[];
}

/**
 * `count`: everybody who was not in the month is counted in it, in the same step, as when they came. `place`: the counts
 * know them already, since only the people had been taken out.
 */
export type PeopleBack = 'count' | 'place';

/** Rows of one call of {@link RetentionLedger.restoreMints}. */
export const MINTS_BACK_MAX = 1_024;
/** People of one call of {@link RetentionLedger.restorePeople}. */
export const PEOPLE_BACK_MAX = 64;

/**
 * Figures of a month that do not follow from who is in it; names as `MonthTotals` and `DayTotals` have them. Without the
 * count of beacons: it tells of a month only while that runs.
 */
export interface MonthFigures {
  totals: {
    minted: number;
    reused: number;
    adopted: number;
    refused: Record<string, number>;
    shadow: Record<string, number>;
    conversations: number;
  };
  days: readonly { day: string; minted: number; reused: number; refused: Record<string, number> }[];
}

/**
 * Taking old rows out of the ledger, and putting them back. Each call is a bounded piece of work that holds the ledger up
 * for less than 10 ms; each may be repeated, also after a crash between two of them. Whether the rows are kept elsewhere
 * is for the caller to know. Totals and days of a month are never taken out.
 */
export interface RetentionLedger {
  /**
   * Takes a piece off the beginning of a month's mint log.
   *
   * @param upTo ordinal of the last row that may go; those behind it stay
   * @returns true when there is none left to take
   */
  trimMints(service: ServiceName, month: Month, upTo: number): Promise<boolean>;

  /** Takes out some of a month's people. They are known to no page of identities any more; counts stay as they are. */
  trimPeople(service: ServiceName, month: Month, after: string | null): Promise<Walked>;

  /**
   * Forgets, among some of a service's conversations, those whose last message was before `month`. Conversations of which
   * no message is known stay, and so does how many conversations each month had.
   */
  trimConversations(service: ServiceName, month: Month, after: string | null): Promise<Walked>;

  /**
   * Puts rows of the mint log back, to be shown from {@link finishMints} on at the latest. The calls of one restoration
   * follow each other from the first row of the month on.
   */
  restoreMints(service: ServiceName, month: Month, back: MintsBack): Promise<void>;

  /**
   * Shows the rows that were put back. Rows behind them that the log has already, such as late ones, stay.
   *
   * @param last ordinal of the last row that was put back
   */
  finishMints(service: ServiceName, month: Month, last: number): Promise<void>;

  /**
   * Puts people back, at most {@link PEOPLE_BACK_MAX}. Whoever is in the month stays as they are. Whoever is in the month
   * before is `returning`, and in the month after whoever is told of here, whichever was put back first. Fires no alert.
   */
  restorePeople(
    service: ServiceName,
    month: Month,
    people: readonly IdentityRecord[],
    how: PeopleBack,
  ): Promise<void>;

  /** Raises figures of the month to these where they are lower; never lowers one. */
  raiseFigures(service: ServiceName, month: Month, figures: MonthFigures): Promise<void>;
}
