import { monthEndSeconds } from '../../domain/month.ts';
import { CLOCK_MARGIN_SECONDS, SHORTEST_LIFE_SECONDS, type TokenLife } from '../../domain/token-life.ts';
import { isKnownIn, type KnownPerson } from './known-people.ts';

/**
 * How far a token may reach for somebody whom nobody can count at the moment: not into a month that is not known to
 * have them. As when a later month refuses, it is cut to end before that month; null when nothing useful is left.
 */
export function outageLife(person: Readonly<KnownPerson>, life: TokenLife): TokenLife | null {
  const { month, otherMonth, issuedAt } = life;
  if (!isKnownIn(person, month)) return null;
  if (otherMonth === null || isKnownIn(person, otherMonth)) return life;
  if (otherMonth < month) return null;
  const expiresAt = monthEndSeconds(month) - CLOCK_MARGIN_SECONDS;
  return expiresAt - issuedAt >= SHORTEST_LIFE_SECONDS
    ? { issuedAt, expiresAt, month, otherMonth: null }
    : null;
}
