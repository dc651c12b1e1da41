import { createHmac, timingSafeEqual } from 'node:crypto';
import { OPERATOR_ROLES, type Operator, type OperatorRole } from './operator.ts';

/** Life of a dashboard session; it is not prolonged by use. */
export const SESSION_LIFE_SECONDS = 43_200;

/** Says what the signature is for, so that no other cookie signed with the same secret passes as a session. */
const PURPOSE = 'mau-guard operator session 1\n';
/** A session is some 150 characters; anything much longer is not ours and not worth hashing. */
const SESSION_LENGTH_MAX = 1_024;

/** Dashboard sessions that live in the cookie alone; nothing is kept by the gateway. */
export interface OperatorSessions {
  /** Text for the cookie. */
  seal(operator: Operator, nowMs: number): string;
  /** The operator of a session; null when it is expired, changed or signed with another secret. */
  open(text: string, nowMs: number): Operator | null;
}

/**
 * Sessions signed with HMAC-SHA256. A session signed with `previous` is still accepted, so that rotating the
 * secret signs nobody out; leaving `previous` empty ends every session at once.
 */
export function createOperatorSessions(secrets: {
  current: string;
  previous: string | null;
}): OperatorSessions {
  return {
    seal(operator, nowMs) {
      const expiresAt = Math.floor(nowMs / 1000) + SESSION_LIFE_SECONDS;
      const body = { n: operator.name, r: operator.role, e: expiresAt };
      const payload = Buffer.from(JSON.stringify(body)).toString('base64url');
      return `${payload}.${sign(payload, secrets.current).toString('base64url')}`;
    },

    open(text, nowMs) {
      if (text.length > SESSION_LENGTH_MAX) return null;
      const [payload, signature, ...rest] = text.split('.');
      if (!payload || !signature || rest.length > 0) return null;
      const given = Buffer.from(signature, 'base64url');
      const signed = [secrets.current, secrets.previous].some(
        (secret) => secret !== null && isEqual(sign(payload, secret), given),
      );
      return signed ? parsePayload(payload, nowMs) : null;
    },
  };
}

function sign(payload: string, secret: string): Buffer {
  return createHmac('sha256', secret).update(PURPOSE).update(payload).digest();
}

function isEqual(expected: Buffer, given: Buffer): boolean {
  return expected.length === given.length && timingSafeEqual(expected, given);
}

function parsePayload(payload: string, nowMs: number): Operator | null {
  const body = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as {
    n: string;
    r: string;
    e: number;
  };
  const role = OPERATOR_ROLES.find((known): known is OperatorRole => known === body.r);
  return role !== undefined && nowMs < body.e * 1000 ? { name: body.n, role } : null;
}
