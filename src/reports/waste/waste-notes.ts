import type { CountingRules } from '../../domain/counting-rules.ts';
import { bitOf } from '../../domain/signal.ts';
import type { MonthTotals } from '../../ledger/ledger.ts';
import { countWith, maskOf } from '../count-active-users.ts';

/** What somebody must know to read a waste report right. */
export function buildWasteNotes(totals: MonthTotals, rules: CountingRules): string[] {
  const notes = [
    'An identity may be of several kinds; the total counts each once. Dollars are what the month would cost less without them.',
    'Of the savings only adopted guests have a price; a request that was refused, or that got its token again, may be of somebody who is counted anyway.',
    'Duplicates are people found this month to have two identities; the report of duplicates looks through everybody.',
  ];
  const minted = countWith(totals, bitOf('minted'));
  if (minted > 0 && countWith(totals, bitOf('connected')) === 0) {
    notes.push(
      'Nobody was seen to connect: without beacons of browsers or webhooks, nothing tells who used a token.',
    );
  }
  if (minted > 0 && countWith(totals, maskOf(['messaged', 'joined', 'read', 'left'])) === 0) {
    notes.push('No message or membership was seen: without webhooks, nothing tells who took part.');
  }
  if (rules.unit === 'conversations') {
    notes.push(
      `By the rules ${rules.version} conversations are billed, so no identity costs anything by itself.`,
    );
  }
  return notes;
}
