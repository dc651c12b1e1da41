import type { DayTotals } from '../ledger/ledger.ts';

/** What happened in a month since the last day on which beacons were counted. */
export interface BeaconSilence {
  /** That day, `YYYY-MM-DD`; null: no beacon came in the month. */
  lastDay: string | null;
  /** Days after it that are over and had mints. */
  mintDays: number;
  /** Identities of a known class first seen on these days; on each at most as many as there were mints. */
  newcomers: number;
}

/**
 * How long no beacon came. The day that is not over counts for beacons and not for mints: its first people may well be
 * about to connect.
 *
 * @param nowMs ms since the epoch
 */
export function findBeaconSilence(
  days: readonly Pick<DayTotals, 'day' | 'minted' | 'newByClass' | 'beacons'>[],
  nowMs: number,
): BeaconSilence {
  const today = new Date(nowMs).toISOString().slice(0, 10);
  const last = days.findLastIndex(({ beacons }) => beacons > 0);
  const silent = days.slice(last + 1).filter(({ day, minted }) => day < today && minted > 0);
  let newcomers = 0;
  for (const { minted, newByClass } of silent) newcomers += Math.min(minted, countNewcomers(newByClass));
  return { lastDay: days[last]?.day ?? null, mintDays: silent.length, newcomers };
}

/** Whoever has no class, or that of an address, was brought by webhooks and has no token. */
const WITHOUT_TOKENS: ReadonlySet<string> = new Set(['address', 'unknown']);

function countNewcomers(newByClass: DayTotals['newByClass']): number {
  let newcomers = 0;
  for (const [className, identities] of Object.entries(newByClass)) {
    if (!WITHOUT_TOKENS.has(className)) newcomers += identities;
  }
  return newcomers;
}
