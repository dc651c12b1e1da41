import { randomBytes } from 'node:crypto';

const ACCEPTED = /^[A-Za-z0-9._-]{1,64}$/;

/**
 * Gives each request an id: the caller's own `X-Request-Id` when it is short and plain, else a new one, unique
 * over processes and restarts (72 random bits for the process, then a counter).
 */
export type RequestIds = (incoming: string | string[] | undefined) => string;

export function createRequestIds(): RequestIds {
  const prefix = randomBytes(9).toString('base64url');
  let ordinal = 0;
  return (incoming) => {
    if (typeof incoming === 'string' && ACCEPTED.test(incoming)) return incoming;
    ordinal += 1;
    return `${prefix}-${ordinal.toString(36)}`;
  };
}
