import type { BackfillAnswer } from '../../contract/backfill.ts';
import { amountOf } from '../../domain/amount-of.ts';
import { formatRows } from './format-rows.ts';
import { printable } from './printable.ts';

/** How far a backfill is, for people. */
export function formatBackfill(data: BackfillAnswer): string[] {
  const { state, read, there, found, trouble, unseen } = data;
  const isOnTheWay = state !== 'done' && there?.complete === true;
  const rows: [string, number][] = [
    ['calls to Twilio', read.calls],
    ['users read', read.users],
    ['conversations read', read.conversations],
    ['participants read', read.participants],
    ['messages read', read.messages],
    ['acts of the month', found.acts],
    ['identities known before', found.known],
    ['identities added', found.added],
    ['identities added before', found.addedBefore],
    ['names that are no people', found.apart],
  ];
  return [
    `${data.service}, ${data.month}: ${state}${isOnTheWay ? `, ${formatConversations(data)} read` : ''}`,
    '',
    ...formatRows(['', 'count'], rows),
    ...(trouble === null ? [] : ['', printable(trouble.says), printable(`next: ${trouble.nextStep}`)]),
    '',
    'Not to be seen this way:',
    ...unseen.map((words) => `  ${printable(words)}`),
  ];
}

/** The same on one line, while it goes on. */
export function formatBackfillLine(data: BackfillAnswer): string {
  const { month, read, found } = data;
  return `${month}: ${formatRead(data)}, ${amountOf(found.added, 'identity', 'identities')} added, ${amountOf(read.calls, 'call')}`;
}

function formatRead(data: BackfillAnswer): string {
  const { phase, read, there } = data;
  if (phase === 'users') return `${amountOf(read.users, 'user')} read`;
  if (there?.complete === false) return `${amountOf(there.conversations, 'conversation')} counted so far`;
  return `${formatConversations(data)}, ${amountOf(read.messages, 'message')} read`;
}

function formatConversations({ read, there }: BackfillAnswer): string {
  // A gateway of an older version does not count.
  if (there === null) return amountOf(read.conversations, 'conversation');
  const all = amountOf(there.conversations, 'conversation');
  return `${read.conversations.toLocaleString('en-US')} of about ${all}`;
}
