import type { ClosingAnswer } from '../../contract/closing.ts';
import { type Cell, formatFacts, formatRows } from './format-rows.ts';

/** What was frozen of a month, and what is another now. */
export function formatClosing({ month, service, closed, changed }: ClosingAnswer): string[] {
  if (closed === null) return [`${service}, ${month}: open`];
  const { closedAt, closedBy, summary, manifests } = closed;
  const rows = changed.map((change): Cell[] => [change.figure, change.closed, change.now]);
  return [
    `${service}, ${month}: closed at ${closedAt} by ${closedBy}`,
    '',
    ...formatFacts([
      ['identities', summary.identities.total],
      [
        'active users',
        `${summary.activeUsers.low} to ${summary.activeUsers.high} (${summary.activeUsers.rules})`,
      ],
      ['csv', manifests.csv.sha256],
      ['ndjson', manifests.ndjson.sha256],
      ['signed by', manifests.csv.kid ?? 'nobody: MANIFEST_SIGNING_KEY is not set'],
    ]),
    '',
    ...(rows.length === 0
      ? ['nothing has changed since']
      : formatRows(['others since', 'closed', 'now'], rows)),
  ];
}
