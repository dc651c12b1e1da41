import { within as withinTime } from '../async/within.ts';
import { GatewayError } from '../domain/gateway-error.ts';

/**
 * What the ledger or the journal answers; the work itself goes on when it takes longer.
 *
 * @throws GatewayError `ledger-unavailable` when it takes longer than so many ms
 */
export function within<Answer>(ms: number, work: Promise<Answer>): Promise<Answer> {
  return withinTime(ms, work, () => new GatewayError('ledger-unavailable', `no answer within ${ms} ms`));
}
