import { bitOf, SIGNALS, type Signal } from '../domain/signal.ts';
import type { MonthTotals } from '../ledger/ledger.ts';

/**
 * What is the most that an identity was seen to do, where Twilio's own texts, or readings of them, differ on whether
 * that bills. Each identity is in one group.
 */
export type LedgerGroup =
  /** Got a token and was never seen again. */
  | 'never-connected'
  /** A phone number or channel address. */
  | 'addresses'
  /** Connected and never wrote. */
  | 'silent-connections'
  /** Added to a conversation, neither connected nor wrote. */
  | 'silent-participants'
  /** Their user record was made by REST, nothing else. */
  | 'rest-only'
  /** Only read, left or was changed by REST, on which Twilio's texts contradict each other. */
  | 'disputed-acts'
  /** Wrote: nobody disputes them. */
  | 'undisputed';

/** How many identities are in each group; a sum over the month's masks. */
export function countGroups(totals: Pick<MonthTotals, 'masks'>): Record<LedgerGroup, number> {
  const counts: Record<LedgerGroup, number> = {
    'never-connected': 0,
    addresses: 0,
    'silent-connections': 0,
    'silent-participants': 0,
    'rest-only': 0,
    'disputed-acts': 0,
    undisputed: 0,
  };
  for (const { className, mask, identities } of totals.masks) counts[groupOf(className, mask)] += identities;
  return counts;
}

const SIGNAL_BITS = bitsOf(...SIGNALS);
const ADDRESSED = bitOf('addressed');
const MINTED = bitOf('minted');

function groupOf(className: string, mask: number): LedgerGroup {
  const acts = mask & SIGNAL_BITS & ~MINTED;
  // An address that writes is the author of messages; it bills as an address all the same.
  if (className === 'address' || acts === ADDRESSED) return 'addresses';
  if (acts === 0) return 'never-connected';
  if (acts & bitOf('messaged')) return 'undisputed';
  if (acts & bitOf('connected')) return 'silent-connections';
  if (acts & bitOf('joined')) return 'silent-participants';
  return acts & bitOf('created') ? 'rest-only' : 'disputed-acts';
}

function bitsOf(...signals: readonly Signal[]): number {
  return signals.reduce((bits, signal) => bits | bitOf(signal), 0);
}
