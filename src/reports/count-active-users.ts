import type { CountingRules } from '../domain/counting-rules.ts';
import { bitOf, type Mark, type Signal } from '../domain/signal.ts';

/** What is billed of a month by some rules; what of it is a user or a conversation, `unit` says. */
export interface ActiveUsers {
  low: number;
  high: number;
  /** Version of the rules. */
  rules: string;
  unit: CountingRules['unit'];
}

/** What these rules need of a month. */
export interface CountedMonth {
  /** How many identities have exactly these bits. */
  masks: readonly { mask: number; identities: number }[];
  /** Conversations with a message in the month. */
  conversations: number;
}

/** By the histogram of masks alone: any rules can be asked of any month, whatever its size, and change nothing. */
export function countActiveUsers(totals: CountedMonth, rules: CountingRules): ActiveUsers {
  const { version, unit } = rules;
  if (unit === 'conversations') {
    const { conversations } = totals;
    return { low: conversations, high: conversations, rules: version, unit };
  }
  const count = (signals: readonly Signal[]) => countWith(totals, maskOf(signals));
  return { low: count(rules.low), high: count(rules.high), rules: version, unit };
}

/** The bits of several signals and marks. */
export function maskOf(names: readonly (Signal | Mark)[]): number {
  return names.reduce((mask, name) => mask | bitOf(name), 0);
}

/** Identities with at least one of the bits. */
export function countWith({ masks }: Pick<CountedMonth, 'masks'>, bits: number): number {
  let identities = 0;
  for (const row of masks) if ((row.mask & bits) !== 0) identities += row.identities;
  return identities;
}
