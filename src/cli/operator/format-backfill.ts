import type { BackfillAnswer } from '../../contract/backfill.ts';
import { formatRows } from './format-rows.ts';
import { printable } from './printable.ts';

/** How far a backfill is, for people. */
export function formatBackfill(data: BackfillAnswer): string[] {
  const { read, found, trouble, unseen } = data;
  const rows: [string, number][] = [
    ['calls to Twilio', read.calls],
    ['users read', read.users],
    ['conversations read', read.conversations],
    ['participants read', read.participants],
    ['messages read', read.messages],
    ['acts of the month', found.acts],
    ['identities known before', found.known],
    ['identities added', found.added],
    ['names that are no people', found.apart],
  ];
  return [
    `${data.service}, ${data.month}: ${data.state}`,
    '',
    ...formatRows(['', 'count'], rows),
    ...(trouble === null ? [] : ['', printable(trouble.says), printable(`next: ${trouble.nextStep}`)]),
    '',
    'Not to be seen this way:',
    ...unseen.map((words) => `  ${printable(words)}`),
  ];
}

/** The same on one line, while it goes on. */
export function formatBackfillLine({ month, phase, read, found }: BackfillAnswer): string {
  const number = (count: number) => count.toLocaleString('en-US');
  const what =
    phase === 'users'
      ? `${number(read.users)} users`
      : `${number(read.conversations)} conversations, ${number(read.messages)} messages`;
  return `${month}: ${what} read, ${number(found.added)} identities added, ${number(read.calls)} calls`;
}
