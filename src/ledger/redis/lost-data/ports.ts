import type { ServiceName } from '../../../domain/service-name.ts';

/** What became of a store that lost data of a service, as this gateway sees it. */
export type LostDataEvent =
  /** Found, here or by another gateway; newcomers wait. */
  | { event: 'lost'; service: ServiceName }
  /** The store was told everything that this gateway has seen; `people` is how many it was told of. */
  | { event: 'restored'; service: ServiceName; people: number; durationMs: number }
  /** It was not, time after time, and newcomers are let in all the same. */
  | { event: 'not-restored'; service: ServiceName; reason: string };

export interface WatchTimes {
  /** How often a store is looked at that nobody asks, ms; one in five more or less. */
  lookMs: number;
  /** Newcomers wait at most so long after a loss was announced, ms: until every gateway has told whom it has seen. */
  settleMs: number;
  /** Newcomers wait at most so long at another server, ms: until every gateway has looked at it. */
  otherServerMs: number;
}

/** 100,000 people are told in 6.5 s, measured on two busy cores. */
export const WATCH_TIMES: WatchTimes = { lookMs: 1_000, settleMs: 10_000, otherServerMs: 3_000 };
