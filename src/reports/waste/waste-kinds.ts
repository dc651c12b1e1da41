import type { CountingRules } from '../../domain/counting-rules.ts';
import { bitOf, SIGNALS } from '../../domain/signal.ts';
import type { MonthTotals } from '../../ledger/ledger.ts';
import { maskOf } from '../count-active-users.ts';

type Masked = Pick<MonthTotals['masks'][number], 'className' | 'mask'>;

const SIGNAL_BITS = maskOf(SIGNALS);
/** A message, or anything that only a member of a conversation does. */
const TAKING_PART = maskOf(['messaged', 'joined', 'read', 'left']);
/** What a backend does to a user record, or to a membership, without the person. */
const REST_ONLY = maskOf(['created', 'updated', 'left']);

/**
 * What makes an identity waste, by kind, from its bits alone:
 * - `never-connected`: minted, and nothing shows that the token was ever used;
 * - `connected-idle`: connected, but wrote nothing and was in no conversation;
 * - `guest-once`: a guest seen on one day only;
 * - `hidden-tab`: its first mint came from a tab that nobody looked at;
 * - `rest-only`: nothing but writes of a backend to its user record, or its removal from a conversation.
 */
export const WASTE_TESTS = {
  'never-connected': ({ mask }) =>
    has(mask, 'minted') && !has(mask, 'connected') && (mask & TAKING_PART) === 0,
  'connected-idle': ({ mask }) => has(mask, 'connected') && (mask & TAKING_PART) === 0,
  'guest-once': ({ mask, className }, guestClass) => className === guestClass && !has(mask, 'again'),
  'hidden-tab': ({ mask }) => has(mask, 'hidden'),
  'rest-only': ({ mask }) => (mask & SIGNAL_BITS) !== 0 && (mask & SIGNAL_BITS & ~REST_ONLY) === 0,
} as const satisfies Record<string, (row: Masked, guestClass: string) => boolean>;

export type WasteKind = keyof typeof WASTE_TESTS;

export interface WasteCount {
  identities: number;
  /** Those among them that are active by the low and by the high reading. */
  low: number;
  high: number;
}

/** Identities of at least one of the kinds, each once. */
export function countWaste(
  { masks }: Pick<MonthTotals, 'masks'>,
  kinds: readonly WasteKind[],
  { guestClass, rules }: { guestClass: string; rules: CountingRules },
): WasteCount {
  const [low, high] = [maskOf(rules.low), maskOf(rules.high)];
  const count: WasteCount = { identities: 0, low: 0, high: 0 };
  for (const row of masks) {
    if (!kinds.some((kind) => WASTE_TESTS[kind](row, guestClass))) continue;
    count.identities += row.identities;
    if ((row.mask & low) !== 0) count.low += row.identities;
    if ((row.mask & high) !== 0) count.high += row.identities;
  }
  return count;
}

function has(mask: number, name: Parameters<typeof bitOf>[0]): boolean {
  return (mask & bitOf(name)) !== 0;
}
