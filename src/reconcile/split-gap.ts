/** Why Twilio's count and the ledger's differ. */
export type GapCause =
  | 'never-connected'
  | 'late-data'
  | 'addresses'
  | 'silent-participants'
  | 'silent-connections'
  | 'rest-only'
  | 'disputed-acts'
  | 'rest-created'
  | 'other-services'
  | 'unknown';

/** How many identities a cause could account for, at the most. */
export interface PossibleCause {
  cause: Exclude<GapCause, 'unknown'>;
  /** `ledger`: they are in the ledger and may be missing at Twilio. `twilio`: the other way round. */
  side: 'ledger' | 'twilio';
  identities: number;
}

/** A share of the gap. */
export interface GapShare {
  cause: GapCause;
  /** With the sign of the gap: below 0 for identities that Twilio does not count. All shares together are the gap. */
  identities: number;
  /** `exact`: the causes named so add up to the gap precisely. `possible`: they could, in part. `unexplained`: the rest. */
  certainty: 'exact' | 'possible' | 'unexplained';
}

/**
 * How far-fetched a cause is. Small figures add up to a gap in several ways, so that it has to be weighed which is meant:
 * what is known by name or by time costs nothing; then comes what Twilio's own texts say does not count, what they
 * contradict each other on, what only others say, and at last what all texts agree does count.
 */
const DOUBT: Record<PossibleCause['cause'], number> = {
  'late-data': 0,
  'rest-created': 0,
  'never-connected': 1,
  'other-services': 1,
  'disputed-acts': 2,
  'silent-participants': 3,
  'silent-connections': 3,
  'rest-only': 4,
  addresses: 5,
};

/**
 * Splits a gap by cause. If some of the causes, taken whole, add up to it precisely, it is those: of several such choices
 * the one with the least doubt, then the fewest causes. Else what is possible is filled up in the order of doubt, and the
 * rest is unknown.
 *
 * @param gap Twilio's count less the ledger's
 */
export function splitGap(gap: number, possible: readonly PossibleCause[]): GapShare[] {
  if (gap === 0) return [];
  const causes = possible
    .filter(({ identities }) => identities > 0)
    .toSorted((one, two) => DOUBT[one.cause] - DOUBT[two.cause]);
  const exact = findExact(gap, causes);
  if (exact !== null) {
    return exact.map((cause) => ({ cause: cause.cause, identities: signed(cause), certainty: 'exact' }));
  }
  const side = gap < 0 ? 'ledger' : 'twilio';
  const shares: GapShare[] = [];
  let left = Math.abs(gap);
  for (const { cause, identities } of causes.filter((one) => one.side === side)) {
    const share = Math.min(identities, left);
    if (share === 0) break;
    shares.push({ cause, identities: share * Math.sign(gap), certainty: 'possible' });
    left -= share;
  }
  if (left > 0)
    shares.push({ cause: 'unknown', identities: left * Math.sign(gap), certainty: 'unexplained' });
  return shares;
}

/** At most nine causes, and so 512 choices. */
function findExact(gap: number, causes: readonly PossibleCause[]): PossibleCause[] | null {
  let best: { chosen: PossibleCause[]; doubt: number } | null = null;
  for (let choice = 1; choice < 2 ** causes.length; choice++) {
    const chosen = causes.filter((_, place) => (choice >> place) & 1);
    if (chosen.reduce((total, cause) => total + signed(cause), 0) !== gap) continue;
    const doubt = chosen.reduce((total, { cause }) => total + DOUBT[cause], 0);
    const isBetter =
      best === null || doubt < best.doubt || (doubt === best.doubt && chosen.length < best.chosen.length);
    if (isBetter) best = { chosen, doubt };
  }
  return best?.chosen ?? null;
}

function signed({ side, identities }: PossibleCause): number {
  return side === 'ledger' ? -identities : identities;
}
