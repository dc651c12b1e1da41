import { createHmac, timingSafeEqual } from 'node:crypto';
import { type TokenRefusal, type TokenRefusalCode, tokenRefusal } from './token-refusal.ts';

/** What the fake account knows. */
export interface TokenAuthority {
  accountSid: string;
  /** SIDs of the account's services. */
  services: { has(sid: string): boolean };
  /** API keys of the account that are not deleted, secret by SID. */
  apiKeys: ReadonlyMap<string, string>;
}

/** Whom a good token speaks for. */
export interface Grant {
  serviceSid: string;
  identity: string;
  /** ms since the epoch. */
  expiresAt: number;
}

export type TokenVerdict = { ok: true; grant: Grant } | { ok: false; refusal: TokenRefusal };

const LIFE_SECONDS_MAX = 86_400;
/** How far a token may be from the future. Twilio publishes none. */
const LEEWAY_SECONDS = 5;
const HEADER = { alg: 'HS256', typ: 'JWT', cty: 'twilio-fpa;v=1' } as const;

/**
 * Reads an access token as Twilio does, by https://www.twilio.com/docs/iam/access-tokens and its pages of errors.
 *
 * @param now ms since the epoch
 */
export function verifyToken(token: unknown, authority: TokenAuthority, now: number): TokenVerdict {
  if (typeof token !== 'string') return refuse(20101);
  const [head, body, signature, ...more] = token.split('.');
  const header = readPart(head);
  const claims = readPart(body);
  if (header === null || claims === null || signature === undefined || more.length > 0) return refuse(20101);
  if (Object.entries(HEADER).some(([name, value]) => header[name] !== value)) return refuse(20101);

  const secret = authority.apiKeys.get(String(claims['iss']));
  if (secret === undefined || claims['sub'] !== authority.accountSid) return refuse(20103);
  if (!isSignedBy(secret, `${head}.${body}`, signature)) return refuse(20107);

  const seconds = now / 1000;
  const { exp, iat = seconds, nbf = iat, grants } = claims;
  if (!isNumber(exp) || exp <= seconds) return refuse(20104);
  if (!isNumber(iat) || !isNumber(nbf)) return refuse(20101);
  if (exp - iat > LIFE_SECONDS_MAX) return refuse(20157);
  if (Math.max(nbf, iat) > seconds + LEEWAY_SECONDS) return refuse(20105);

  if (!isRecord(grants)) return refuse(20106);
  const { identity, chat } = grants;
  if (typeof identity !== 'string' || identity === '' || !isRecord(chat)) return refuse(51007);
  const serviceSid = chat['service_sid'];
  if (typeof serviceSid !== 'string' || !authority.services.has(serviceSid)) return refuse(51007);
  return { ok: true, grant: { serviceSid, identity, expiresAt: exp * 1000 } };
}

function refuse(code: TokenRefusalCode): TokenVerdict {
  return { ok: false, refusal: tokenRefusal(code) };
}

function isSignedBy(secret: string, signed: string, signature: string): boolean {
  const expected = createHmac('sha256', secret).update(signed).digest();
  const given = Buffer.from(signature, 'base64url');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function readPart(part: string | undefined): Record<string, unknown> | null {
  try {
    const read: unknown = JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8'));
    return isRecord(read) ? read : null;
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
