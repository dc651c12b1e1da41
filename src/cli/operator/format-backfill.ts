import type { BackfillAnswer } from '../../contract/backfill.ts';
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
  return `${month}: ${formatRead(data)}, ${format(found.added)} identities added, ${format(read.calls)} calls`;
}

function formatRead(data: BackfillAnswer): string {
  const { phase, read, there } = data;
  if (phase === 'users') return `${format(read.users)} users read`;
  if (there?.complete === false) return `${format(there.conversations)} conversations counted so far`;
  return `${formatConversations(data)}, ${format(read.messages)} messages read`;
}

function formatConversations({ read, there }: BackfillAnswer): string {
  // A gateway of an older version does not count.
  const all = there === null ? '' : ` of about ${format(there.conversations)}`;
  return `${format(read.conversations)}${all} conversations`;
}

function format(count: number): string {
  return count.toLocaleString('en-US');
}
