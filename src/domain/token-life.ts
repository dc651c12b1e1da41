import { type Month, monthEndSeconds, monthOf } from './month.ts';

/** The clocks of browser, gateway and Twilio may disagree by this much; months are admitted with that margin. */
export const CLOCK_MARGIN_SECONDS = 5;
/** A token cut at the month's end keeps at least this much life, else both months are admitted. */
const CUT_LIFE_SECONDS_MIN = 300;
/** A client asks for the next token so long before the end at the latest. */
const REFRESH_AHEAD_SECONDS = 210;
/** When the later month refuses, a token may be cut shorter than that, but not below this. */
export const SHORTEST_LIFE_SECONDS = 60;

/** When a token is valid and which months its holder must be counted in. Instants in whole seconds since the epoch. */
export interface TokenLife {
  issuedAt: number;
  expiresAt: number;
  /** Month of `issuedAt`: the mint is logged there. */
  month: Month;
  /** A second month that `[issuedAt - 5 s, expiresAt + 5 s]` touches, before or after `month`. */
  otherMonth: Month | null;
}

/**
 * Plans a token's life so that it never outlives its accounting. A token that would reach past the month's
 * end is cut 5 to 60 s before it while at least 300 s remain, so that clients come back spread out and in the
 * new month; otherwise both months must admit.
 *
 * @param nowMs clock reading of the request, ms since the epoch
 * @param ttlSeconds wanted life, 300 to 86400
 * @param spread any non-negative integer that is stable for the identity; chooses the cut within its minute
 */
export function planTokenLife(nowMs: number, ttlSeconds: number, spread: number): TokenLife {
  const issuedAt = Math.floor(nowMs / 1000);
  const month = monthOf(nowMs);
  const monthEnd = monthEndSeconds(month);
  const expiresAt = issuedAt + ttlSeconds;
  if (expiresAt + CLOCK_MARGIN_SECONDS <= monthEnd) {
    const monthBefore = monthOf((issuedAt - CLOCK_MARGIN_SECONDS) * 1000);
    return { issuedAt, expiresAt, month, otherMonth: monthBefore === month ? null : monthBefore };
  }
  const cut = monthEnd - CLOCK_MARGIN_SECONDS - (spread % 56);
  if (cut - issuedAt >= CUT_LIFE_SECONDS_MIN) {
    return { issuedAt, expiresAt: cut, month, otherMonth: null };
  }
  return { issuedAt, expiresAt, month, otherMonth: monthOf(monthEnd * 1000) };
}

/**
 * When a client should ask again: after 80 % of the life, or 210 s before its end, whichever is first.
 * A token cut below 300 s by the month's end has no 210 s to spare: 80 % of its life, so that no client spins.
 */
export function refreshAtSeconds(issuedAt: number, expiresAt: number): number {
  const life = expiresAt - issuedAt;
  const early = life < CUT_LIFE_SECONDS_MIN ? 0.8 * life : Math.min(0.8 * life, life - REFRESH_AHEAD_SECONDS);
  return issuedAt + Math.floor(early);
}

/**
 * Until when the same token may be given out again: half its life, but not once its holder was to ask for another, which
 * with a life below 420 s is sooner.
 */
export function reuseEndsSeconds(issuedAt: number, expiresAt: number): number {
  return Math.min(issuedAt + (expiresAt - issuedAt) / 2, refreshAtSeconds(issuedAt, expiresAt));
}
