import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { EndedSessions } from './ended-sessions.ts';
import { OPERATOR_ROLES, type Operator } from './operator.ts';

/** Life of a dashboard session; it is not prolonged by use. */
export const SESSION_LIFE_SECONDS = 43_200;

/** How an operator signed in: with an ops key, at the identity provider, or by a one-time link. */
const SESSION_ORIGINS = ['key', 'oidc', 'link'] as const;

export type SessionOrigin = (typeof SESSION_ORIGINS)[number];

/** Says what the signature is for, so that no other cookie signed with the same secret passes as a session. */
const PURPOSE = 'mau-guard operator session 3\n';
/** A session is some 200 characters; anything much longer is not ours and not worth hashing. */
const SESSION_LENGTH_MAX = 1_024;

/** Dashboard sessions. The cookie holds who it is; the gateway remembers only which sessions ended early. */
export interface OperatorSessions {
  /** Text for the cookie. */
  seal(operator: Operator, origin: SessionOrigin, nowMs: number): string;
  /** The operator of a session; null when it is over, ended, changed or signed with another secret. */
  open(text: string, nowMs: number): Promise<Operator | null>;
  /**
   * Ends this session for good, wherever its cookie may still lie. Rejects as {@link EndedSessions} does; the session
   * is over on this gateway all the same. A text that is no session is passed over.
   */
  end(text: string, nowMs: number): Promise<void>;
  /** Ends every session of one operator, or of all (null), that began up to now. */
  endAll(name: string | null, nowMs: number): Promise<void>;
}

export interface OperatorSessionsOptions {
  /**
   * A session signed with `previous` is still accepted, so that rotating the secret signs nobody out; leaving
   * `previous` empty ends every session at once.
   */
  secrets: { current: string; previous: string | null };
  ended: EndedSessions;
  /**
   * What lets somebody in who signed in like this, in a few characters that are no secret; null when nothing does any more. A
   * key that was taken away or replaced takes its sessions with it.
   */
  grantOf: (operator: Operator, origin: SessionOrigin) => string | null;
}

interface Session {
  id: string;
  operator: Operator;
  origin: SessionOrigin;
  /** As it was when the session began. */
  grant: string | null;
  beganAtMs: number;
  endsAtMs: number;
}

/** Sessions signed with HMAC-SHA256. */
export function createOperatorSessions(options: OperatorSessionsOptions): OperatorSessions {
  const { secrets, ended, grantOf } = options;

  function read(text: string, nowMs: number): Session | null {
    if (text.length > SESSION_LENGTH_MAX) return null;
    const [payload, signature, ...rest] = text.split('.');
    if (!payload || !signature || rest.length > 0) return null;
    const given = Buffer.from(signature, 'base64url');
    const signed = [secrets.current, secrets.previous].some(
      (secret) => secret !== null && isEqual(sign(payload, secret), given),
    );
    return signed ? parsePayload(payload, nowMs) : null;
  }

  return {
    seal(operator, origin, nowMs) {
      const { name, role } = operator;
      const id = randomBytes(12).toString('base64url');
      const body = { i: id, n: name, r: role, o: origin, g: grantOf(operator, origin), b: nowMs };
      const payload = Buffer.from(JSON.stringify(body)).toString('base64url');
      return `${payload}.${sign(payload, secrets.current).toString('base64url')}`;
    },

    async open(text, nowMs) {
      const session = read(text, nowMs);
      if (session === null) return null;
      const { id, operator, origin, grant, beganAtMs } = session;
      if (grant === null || grant !== grantOf(operator, origin)) return null;
      return (await ended.hasEnded({ id, name: operator.name, beganAtMs })) ? null : operator;
    },

    async end(text, nowMs) {
      const session = read(text, nowMs);
      if (session !== null)
        await ended.endOne({ id: session.id, name: session.operator.name }, session.endsAtMs);
    },

    endAll: (name, nowMs) => ended.endBefore(name, nowMs, nowMs + SESSION_LIFE_SECONDS * 1000),
  };
}

function sign(payload: string, secret: string): Buffer {
  return createHmac('sha256', secret).update(PURPOSE).update(payload).digest();
}

function isEqual(expected: Buffer, given: Buffer): boolean {
  return expected.length === given.length && timingSafeEqual(expected, given);
}

function parsePayload(payload: string, nowMs: number): Session | null {
  const body = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as {
    i: string;
    n: string;
    r: string;
    o: string;
    g: string | null;
    b: number;
  };
  const role = OPERATOR_ROLES.find((known) => known === body.r);
  const origin = SESSION_ORIGINS.find((known) => known === body.o);
  const endsAtMs = body.b + SESSION_LIFE_SECONDS * 1000;
  if (role === undefined || origin === undefined || nowMs >= endsAtMs) return null;
  const operator = { name: body.n, role };
  return { id: body.i, operator, origin, grant: body.g, beganAtMs: body.b, endsAtMs };
}
