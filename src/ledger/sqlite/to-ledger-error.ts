import { GatewayError } from '../../domain/gateway-error.ts';

/** Whatever went wrong in the store, as the one failure a ledger may answer. */
export function toLedgerError(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error;
  const detail = error instanceof Error ? error.message : String(error);
  return new GatewayError('ledger-unavailable', `embedded ledger: ${detail}`, { cause: error });
}
