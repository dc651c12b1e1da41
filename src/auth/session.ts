import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { createSingleFlight } from '../async/single-flight.ts';
import type { Caller } from '../domain/caller.ts';
import type { Refusal } from '../domain/refusal.ts';
import { isWithinSpan, type Span, spanOf } from '../domain/span.ts';
import type { EnterOutside } from '../issue/ports.ts';
import { askOutside } from './ask-outside.ts';
import { type CallerReader, createCallerReader } from './claims.ts';
import { fetchJson } from './fetch-json.ts';
import type { ClassOptions, SessionOptions } from './options.ts';
import { isPlainObject } from './plain-object.ts';
import { readClaim } from './read-claim.ts';
import { unauthenticated } from './unauthenticated.ts';
import { unavailable } from './unavailable.ts';

/**
 * How long "not signed in" is believed at most. Many apps keep the cookie's value when its holder signs in;
 * those people must not be turned away as strangers for the whole cache time.
 */
const SIGNED_OUT_MS_MAX = 2_000;
/**
 * How apps say that nobody is signed in: by refusing (419 and 440 are those of Laravel and IIS), or by sending to the login
 * page, as most frameworks do unless told otherwise. A permanent redirect is none of it: it says that the address is another.
 */
const SIGNED_OUT_STATUSES = [204, 302, 303, 307, 401, 403, 419, 440];
/** What a cookie can be and a header can carry. */
const COOKIE_VALUE = /^[\x20-\x7e\x80-\xff]{1,4096}$/;

/** The person, a refusal, or null for "not signed in". */
type SessionAnswer = Caller | Refusal | null;

/**
 * Asks the app whose session a cookie is.
 *
 * @throws GatewayError `identity-provider-unavailable` when the app's session endpoint does not answer usably
 */
export type SessionReader = (
  cookieValue: string,
  nowMs: number,
  enter?: EnterOutside,
) => SessionAnswer | Promise<SessionAnswer>;

/** @param entriesMax session answers kept; the least recently used are dropped beyond this */
export function createSessionReader(
  options: SessionOptions,
  classes: readonly ClassOptions[],
  fetch: typeof globalThis.fetch,
  entriesMax: number,
): SessionReader {
  const { issuer, claims: names } = options;
  const readCaller = createCallerReader({ issuer, names, classes, via: 'session' });
  const answers = new LRUCache<string, { answer: SessionAnswer; span: Span }>({ max: entriesMax });
  const inFlight = createSingleFlight<SessionAnswer>();

  async function ask(key: string, cookieValue: string, nowMs: number): Promise<SessionAnswer> {
    const answer = await askApp(options, cookieValue, readCaller, fetch);
    const cacheMs = options.cacheSeconds * 1000;
    const signedIn = answer !== null && !('outcome' in answer);
    answers.set(key, {
      answer,
      span: spanOf(nowMs, signedIn ? cacheMs : Math.min(cacheMs, SIGNED_OUT_MS_MAX)),
    });
    return answer;
  }

  return (cookieValue, nowMs, enter) => {
    if (!COOKIE_VALUE.test(cookieValue))
      return unauthenticated('malformed', 'The session cookie is malformed.');
    const key = hash('sha256', cookieValue, 'binary');
    const known = answers.get(key);
    if (known !== undefined && isWithinSpan(known.span, nowMs)) return known.answer;
    return askOutside(
      enter,
      () => inFlight(key, () => ask(key, cookieValue, nowMs)),
      (answer) => answer === null || 'outcome' in answer,
    );
  };
}

/** Forwards that one cookie and nothing else of the request. */
async function askApp(
  { url, cookieName, claims: names, timeoutMs }: SessionOptions,
  cookieValue: string,
  readCaller: CallerReader,
  fetch: typeof globalThis.fetch,
): Promise<SessionAnswer> {
  const headers = { cookie: `${cookieName}=${cookieValue}` };
  const { status, body } = await fetchJson(url, { fetch, timeoutMs, headers }).catch((error: unknown) => {
    throw unavailable(`session endpoint: ${String(error)}`, error);
  });
  if (SIGNED_OUT_STATUSES.includes(status)) return null;
  if (status !== 200) throw unavailable(`session endpoint answered with status ${status}`);
  // What some libraries answer when nobody is signed in.
  if (body === null) return null;
  if (!isPlainObject(body)) throw unavailable('session endpoint: the answer is not a JSON object');
  const person = readClaim(body, names.person);
  if (body['active'] === false || person === undefined || person === null) return null;
  return readCaller(body);
}
