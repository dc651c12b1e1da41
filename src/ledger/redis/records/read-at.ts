import { GatewayError } from '../../../domain/gateway-error.ts';

/**
 * Runs what reads what a key holds; when that is not what the ledger writes there, the failure names the key.
 *
 * @param key spells it; asked only then, since a page is read of a thousand keys
 */
export function readAt<Result>(key: () => string, read: () => Result): Result {
  try {
    return read();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GatewayError('internal', `${key()} cannot be read: ${reason}`, { cause });
  }
}
