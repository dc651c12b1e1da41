import type { Month } from '../../domain/month.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import type { Walked } from '../retention.ts';
import type { Books } from './books.ts';
import { monthNumber } from './month-number.ts';

/** Rows of one call; a thousand take some 2 ms, and nothing else runs meanwhile. */
const ROWS_PER_CALL = 1_000;

/** Inside a transaction. True when there is none left to take. */
export function trimMints(
  { names, statements }: Books,
  service: ServiceName,
  month: Month,
  upTo: number,
): boolean {
  const key = [names.findService(service), monthNumber(month)] as const;
  const left = statements.get<[number]>('first-mint', key)?.[0] ?? null;
  if (left === null || left > upTo) return true;
  statements.run('trim-mints', [...key, upTo, ROWS_PER_CALL]);
  return false;
}

/** Inside a transaction. Begins where people are left, so the place to go on at says only that there may be more. */
export function trimPeople({ names, statements }: Books, service: ServiceName, month: Month): Walked {
  const key = [names.findService(service), monthNumber(month)] as const;
  statements.run('trim-people', [...key, ROWS_PER_CALL]);
  if (statements.get('has-people', key) !== undefined) return { next: 'more' };
  statements.run('forget-replayed', key);
  return { next: null };
}

/** Inside a transaction. */
export function trimConversations(
  { names, statements }: Books,
  service: ServiceName,
  month: Month,
  after: string | null,
): Walked {
  const number = names.findService(service);
  const [afterMonth, conversation] = after === null ? ['0', ''] : (after.split(':') as [string, string]);
  const rows = statements.all<[month: number, conversation: string, isKept: number]>('conversations-after', [
    ...[number, monthNumber(month), Number(afterMonth), conversation, ROWS_PER_CALL],
  ]);
  for (const [, old, isKept] of rows) {
    if (isKept === 1) continue;
    statements.run('forget-conversation', [number, old]);
    statements.run('forget-conversation-months', [number, old]);
  }
  const last = rows.length === ROWS_PER_CALL ? rows.at(-1) : undefined;
  return { next: last ? `${last[0]}:${last[1]}` : null };
}
