import type { Estimate } from '../../reports/money/estimate.ts';
import type { EstimateInput } from '../../reports/money/estimate-input.ts';
import { type Amount, formatAmounts } from './format-amounts.ts';
import { printable } from './printable.ts';

/** A planned month as a small table, and what must be known beside it. */
export function formatEstimate(estimate: Estimate, input: EstimateInput): string[] {
  const { activeUsers, platformUsd, messagesUsd, totalUsd, directUsd, perThreadUsd, table, notes } = estimate;
  const { customers, agents, messages, threads } = input;
  const isByThread = activeUsers === 0 && threads !== null;
  const rows: [string, ...Amount[]][] = [
    ['customers', customers, null],
    ['agents', agents, null],
    isByThread
      ? ['threads', threads, { usd: platformUsd }]
      : ['active users', activeUsers, { usd: platformUsd }],
    ['messages', messages, { usd: messagesUsd }],
    ['total', null, { usd: totalUsd }],
    ['the same messages sent directly', messages, { usd: directUsd }],
    ...(perThreadUsd === null || isByThread
      ? []
      : [['platform, if billed by thread', threads, { usd: perThreadUsd }] satisfies [string, ...Amount[]]]),
  ];
  return [
    `a month by the price table ${table}`,
    '',
    ...formatAmounts(['', 'number', 'USD'], rows),
    '',
    ...notes.map((note) => printable(`note: ${note}`)),
  ];
}
