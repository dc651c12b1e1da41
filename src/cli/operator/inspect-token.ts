import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Cell, formatFacts } from './format-rows.ts';
import { UsageError } from './usage-error.ts';

/** What is in a Twilio access token. */
export interface InspectedToken {
  header: Record<string, unknown>;
  payload: Record<string, unknown>;
  identity: string | null;
  serviceSid: string | null;
  /** ISO-8601, null where the token does not say. */
  issuedAt: string | null;
  expiresAt: string | null;
  ttlSeconds: number | null;
  /** `not-checked`: this environment has no secret of the key that signed it. */
  signature: 'valid' | 'invalid' | 'not-checked';
  /** What Twilio would stumble over. */
  notes: string[];
}

/** Twilio reads only this content type as an access token. */
const CONTENT_TYPE = 'twilio-fpa;v=1';
/** Beside a signature that was not checked. */
const HOW_TO_CHECK =
  'the signature is checked where TWILIO_API_KEY_SID and TWILIO_API_KEY_SECRET are those of its key';

/**
 * Reads a token without asking anybody. The signature is checked where TWILIO_API_KEY_SID and its secret are those of
 * the token.
 *
 * @throws UsageError when it is no JWT
 */
export function inspectToken(
  token: string,
  environment: Readonly<Record<string, string | undefined>>,
): InspectedToken {
  const [head = '', body = '', mark = '', ...more] = token.split('.');
  const header = readPart(head);
  const payload = readPart(body);
  if (header === null || payload === null || mark === '' || more.length > 0) {
    throw new UsageError('that is no JWT: three parts in base64url, with dots between them');
  }
  const grants = (payload['grants'] ?? {}) as { identity?: unknown; chat?: { service_sid?: unknown } };
  const [issued, expires] = [numberOf(payload['iat'] ?? payload['nbf']), numberOf(payload['exp'])];
  const serviceSid = textOf(grants.chat?.service_sid);
  return {
    ...{ header, payload, identity: textOf(grants.identity), serviceSid },
    issuedAt: instantOf(issued),
    expiresAt: instantOf(expires),
    ttlSeconds: issued === null || expires === null ? null : expires - issued,
    signature: checkSignature(`${head}.${body}`, mark, textOf(payload['iss']), environment),
    notes: [
      ...(header['cty'] === CONTENT_TYPE ? [] : [`the header says no cty "${CONTENT_TYPE}"`]),
      ...(header['alg'] === 'HS256' ? [] : ['the header says another alg than HS256']),
      ...(serviceSid === null ? ['it grants no chat service'] : []),
      ...(expires !== null && issued !== null && expires - issued > 86_400
        ? ['it lives for more than a day']
        : []),
    ],
  };
}

export function formatToken(token: InspectedToken): string[] {
  const { identity, serviceSid, issuedAt, expiresAt, ttlSeconds, signature, notes, payload } = token;
  const facts: [string, Cell][] = [
    ['identity', identity],
    ['service', serviceSid],
    ['key', textOf(payload['iss'])],
    ['account', textOf(payload['sub'])],
    ['issued at', issuedAt],
    ['expires at', expiresAt],
    ['life, s', ttlSeconds],
    ['signature', signature],
  ];
  const hints = signature === 'not-checked' ? [HOW_TO_CHECK] : [];
  return [...formatFacts(facts), ...[...notes, ...hints].map((note) => `note: ${note}`)];
}

function checkSignature(
  signed: string,
  mark: string,
  keySid: string | null,
  environment: Readonly<Record<string, string | undefined>>,
): InspectedToken['signature'] {
  const known = environment['TWILIO_API_KEY_SID'] ?? environment['TWILIO_API_KEY'];
  const secret = environment['TWILIO_API_KEY_SECRET'] ?? environment['TWILIO_API_SECRET'];
  if (keySid === null || known !== keySid || secret === undefined) return 'not-checked';
  const expected = createHmac('sha256', secret).update(signed).digest();
  const found = Buffer.from(mark, 'base64url');
  return found.length === expected.length && timingSafeEqual(found, expected) ? 'valid' : 'invalid';
}

function readPart(part: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : null;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function instantOf(seconds: number | null): string | null {
  if (seconds === null || Math.abs(seconds) > 8_640_000_000_000) return null;
  return new Date(seconds * 1000).toISOString();
}
