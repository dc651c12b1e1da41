import type { PriceTable } from '../../domain/price-table.ts';
import { costInDollars, priceNotes } from './cost-of.ts';
import type { EstimateInput } from './estimate-input.ts';

/** Where a premise of published estimates does not hold, for these very figures. */
export function buildEstimateNotes(
  input: EstimateInput,
  prices: PriceTable,
  others: readonly PriceTable[],
): string[] {
  const { customers, agents, threads, directMicroDollars, messageMicroDollars } = input;
  const users = customers + agents;
  const notes = priceNotes(prices, users);
  if (users > 0) {
    notes.push(
      'Twilio bills who connects or is put into a conversation, also in silence. Articles that count only those who send or receive a message come out too low.',
    );
  }
  if (agents > 0 && agents >= customers) {
    notes.push(
      `${words(agents)} agents for ${words(customers)} customers is an agent of their own for each, as published examples have it. An agent is one user a month, however many customers they serve.`,
    );
  }
  if (threads !== null) {
    notes.push(
      users === 0
        ? 'Billing by conversation is one article’s reading. Twilio’s own texts bill users: give --customers and --agents to estimate that.'
        : 'Billing by conversation is one article’s reading and not in the total. Twilio’s own texts bill users, each once a month in however many conversations.',
    );
  }
  if (directMicroDollars !== null && directMicroDollars !== messageMicroDollars) {
    notes.push(
      'The two message rates differ, so part of the difference is not Conversations: an SMS costs the same either way. Published comparisons take $0.0109 for one and $0.0079 for the other.',
    );
  }
  for (const other of users === 0 ? [] : others) {
    if (other.name === prices.name) continue;
    notes.push(
      `By the table ${other.name} the platform would be $${costInDollars(other, users).toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}${other.mode === 'graduated' ? ': its first users are free, and its prices fall with the number' : ''}.`,
    );
    notes.push(...priceNotes(other, users).map((note) => `${other.name}: ${note}`));
  }
  return notes;
}

function words(count: number): string {
  return count.toLocaleString('en-US');
}
