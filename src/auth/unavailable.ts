import { GatewayError } from '../domain/gateway-error.ts';

/** The failure of an issuer or session endpoint to answer usably. */
export function unavailable(internalDetail: string, cause?: unknown): GatewayError {
  return new GatewayError('identity-provider-unavailable', internalDetail, { cause, retryAfterSeconds: 2 });
}
