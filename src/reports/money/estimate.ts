import type { PriceTable } from '../../domain/price-table.ts';
import { costOf, toDollars } from './cost-of.ts';
import type { EstimateInput } from './estimate-input.ts';
import { buildEstimateNotes } from './estimate-notes.ts';

/** US dollars a month, 6 decimals. */
export interface Estimate {
  activeUsers: number;
  /** For the users; for the threads where only those are given. */
  platformUsd: number;
  messagesUsd: number;
  totalUsd: number;
  /** The same messages sent directly: no platform, no conversations. */
  directUsd: number;
  /** Name of the price table. */
  table: string;
  /** What the platform would cost if each thread were billed as a user is; null without threads. */
  perThreadUsd: number | null;
  /** Where a premise of such estimates is shaky; read them with the figures. */
  notes: string[];
}

/**
 * @param others further tables, to say what they would cost
 */
export function buildEstimate(
  input: EstimateInput,
  prices: PriceTable,
  others: readonly PriceTable[],
): Estimate {
  const { customers, agents, threads, messages, messageMicroDollars, directMicroDollars } = input;
  const activeUsers = customers + agents;
  const perThread = threads === null ? null : costOf(prices, threads);
  const platform = activeUsers === 0 && perThread !== null ? perThread : costOf(prices, activeUsers);
  const messaging = BigInt(messages) * BigInt(messageMicroDollars);
  const direct = BigInt(messages) * BigInt(directMicroDollars ?? messageMicroDollars);
  return {
    activeUsers,
    platformUsd: toDollars(platform),
    messagesUsd: toDollars(messaging),
    totalUsd: toDollars(platform + messaging),
    directUsd: toDollars(direct),
    table: prices.name,
    perThreadUsd: perThread === null ? null : toDollars(perThread),
    notes: buildEstimateNotes(input, prices, others),
  };
}
