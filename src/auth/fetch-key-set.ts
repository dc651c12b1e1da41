import type { JSONWebKeySet } from 'jose';
import { fetchJson } from './fetch-json.ts';
import { isPlainObject } from './plain-object.ts';

const KEYS_MAX = 100;
/** In characters; more of what an issuer calls itself is not repeated. */
const SHOWN_LENGTH_MAX = 200;

export interface KeySetAddress {
  issuer: string;
  /** Null: the `jwks_uri` of the issuer's OpenID discovery document. */
  jwksUrl: string | null;
  /** Deadline of one call, ms. */
  timeoutMs: number;
  fetch: typeof globalThis.fetch;
}

/**
 * Fetches the issuer's present key set.
 *
 * @throws Error when it, or the discovery document before it, is not there or not usable
 */
export async function fetchKeySet(address: KeySetAddress): Promise<JSONWebKeySet> {
  const body = await fetchObject(address.jwksUrl ?? (await discoverJwksUrl(address)), 'key set', address);
  const keys = body['keys'];
  if (!Array.isArray(keys) || !keys.every(isPlainObject)) throw new Error('the key set has no list of keys');
  if (keys.length > KEYS_MAX) throw new Error(`the key set has more than ${KEYS_MAX} keys`);
  return body as unknown as JSONWebKeySet;
}

/** OpenID Connect Discovery 1.0 sections 4.1 and 4.3. */
async function discoverJwksUrl(address: KeySetAddress): Promise<string> {
  const url = `${address.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const body = await fetchObject(url, 'discovery document', address);
  // Without this check a document served for another issuer could bring that one's keys.
  const { issuer } = body;
  if (issuer !== address.issuer) {
    const found = typeof issuer === 'string' ? JSON.stringify(issuer.slice(0, SHOWN_LENGTH_MAX)) : 'no text';
    throw new Error(`the discovery document is of another issuer: ${found}`);
  }
  const jwksUrl = body['jwks_uri'];
  if (typeof jwksUrl !== 'string' || !isSafeUrl(jwksUrl)) {
    throw new Error('the discovery document has no jwks_uri with https (or http on loopback)');
  }
  return jwksUrl;
}

async function fetchObject(
  url: string,
  what: string,
  address: KeySetAddress,
): Promise<Record<string, unknown>> {
  const answer = await fetchJson(url, { fetch: address.fetch, timeoutMs: address.timeoutMs });
  if (answer.status !== 200) throw new Error(`the ${what} was answered with status ${answer.status}`);
  if (!isPlainObject(answer.body)) throw new Error(`the ${what} is not a JSON object`);
  return answer.body;
}

function isSafeUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  if (protocol === 'https:') return true;
  return protocol === 'http:' && /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}
