import { ChatGateError } from './error.ts';

/**
 * A token and what is known of it, such as the answer of `POST /v1/tokens`. Instants in ms since the epoch, on the
 * server's clock, or as ISO-8601 texts.
 */
export interface TokenGrant {
  readonly token: string;
  readonly identity: string;
  readonly expiresAt: number | string;
  /** When to ask for the next one; at 80 % of the life unless told. */
  readonly refreshAt?: number | string | undefined;
  /** The server's clock when it answered. Without it this device's clock must be right. */
  readonly serverTime?: number | string | undefined;
  /** Twilio region that the client must connect to, such as `ie1`. */
  readonly region?: string | null | undefined;
  /** Another tab had it. */
  readonly fromTab?: boolean | undefined;
}

/** A grant as this device keeps it. Instants in ms since the epoch, on the server's clock. */
export interface KeptGrant {
  readonly token: string;
  readonly identity: string;
  readonly expiresAt: number;
  readonly refreshAt: number;
  /** What must be added to this device's clock to have the server's, ms. */
  readonly skewMs: number;
  readonly region?: string | null | undefined;
  readonly fromTab?: boolean | undefined;
}

/**
 * Reads what a token source gave.
 *
 * @throws ChatGateError `token_invalid` for what is no token, or an expired one, also by a wrong clock of this device
 */
export function readGrant(given: TokenGrant): KeptGrant {
  const { token, identity, ...rest } = Object(given) as TokenGrant;
  const serverTime = instantOf(rest.serverTime) || Date.now();
  const expiresAt = instantOf(rest.expiresAt);
  const lifeMs = expiresAt - serverTime;
  if (!token || !identity || !(lifeMs > 0)) throw new ChatGateError('token_invalid');
  const refreshAt = instantOf(rest.refreshAt) || serverTime + lifeMs * 0.8;
  return {
    ...given,
    expiresAt,
    skewMs: serverTime - Date.now(),
    // Neither late, nor so early that a server that errs makes a loop of it.
    refreshAt: Math.min(expiresAt, Math.max(refreshAt, serverTime + Math.min(30_000, lifeMs / 2))),
  };
}

function instantOf(value: number | string | undefined): number {
  return typeof value === 'string' ? Date.parse(value) : Number(value);
}
