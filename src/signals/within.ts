import { within as withinTime } from '../async/within.ts';
import { LedgerUnavailable } from '../domain/ledger-unavailable.ts';

/**
 * What the ledger or the journal answers; the work itself goes on when it takes longer.
 *
 * @throws LedgerUnavailable when it takes longer than so many ms
 */
export function within<Answer>(ms: number, work: Promise<Answer>): Promise<Answer> {
  return withinTime(ms, work, () => new LedgerUnavailable('late', `no answer within ${ms} ms`));
}
