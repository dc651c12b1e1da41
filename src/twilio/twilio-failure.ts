import { GatewayError } from '../domain/gateway-error.ts';

/** Twilio's HTTP status behind an error of its library, or null when there was no answer. */
export function statusOf(error: unknown): number | null {
  const { status } = (error ?? {}) as { status?: unknown };
  return typeof status === 'number' ? status : null;
}

/**
 * A read that failed, told without what the library hangs on its errors: whole requests, with their credentials
 * and the identity in their address.
 */
export function twilioUnavailable(error: unknown, retryAfterSeconds: number): GatewayError {
  const status = statusOf(error);
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  const detail =
    status === null
      ? `no answer from Twilio: ${typeof code === 'string' ? code : String(name)}`
      : `Twilio answered ${status}${typeof code === 'number' ? `, code ${code}` : ''}`;
  return new GatewayError('twilio-unavailable', detail, { retryAfterSeconds });
}
