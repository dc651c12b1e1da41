import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { createSingleFlight } from '../async/single-flight.ts';
import type { AuthenticationFailure, Refusal } from '../domain/refusal.ts';
import { isWithinSpan, type Span, spanOf } from '../domain/span.ts';
import type { EnterOutside } from '../issue/ports.ts';
import { askOutside } from './ask-outside.ts';
import { type CallerReader, createCallerReader } from './claims.ts';
import { fetchJson } from './fetch-json.ts';
import type { KeyGeneration } from './key-source.ts';
import type { ClassOptions, IntrospectionOptions, IssuerOptions } from './options.ts';
import { isPlainObject } from './plain-object.ts';
import { unauthenticated } from './unauthenticated.ts';
import { unavailable } from './unavailable.ts';
import type { VerifiedToken } from './verified-tokens.ts';

/** How long a token counts as active after its issuer said so: what a revocation may take to be noticed. */
const TRUST_MS_MAX = 30_000;
/** How long a refused token is not asked about again. */
const DISTRUST_MS = 5_000;
/** Nothing here depends on published keys. */
const NO_KEYS: KeyGeneration = { generation: 0 };

/**
 * Asks the issuers, in order of configuration, about a token that only they can read.
 *
 * @throws GatewayError `identity-provider-unavailable` when one cannot be asked and no other says active
 */
export type Introspector = (
  token: string,
  nowMs: number,
  enter?: EnterOutside,
) => Refusal | Promise<VerifiedToken | Refusal>;

interface Endpoint extends IntrospectionOptions {
  issuer: IssuerOptions;
  readCaller: CallerReader;
}

/** RFC 7662 token introspection; null when no issuer offers it. */
export function createIntrospector(
  issuers: readonly IssuerOptions[],
  classes: readonly ClassOptions[],
  fetch: typeof globalThis.fetch,
  entriesMax: number,
): Introspector | null {
  const endpoints: Endpoint[] = issuers.flatMap((issuer) =>
    issuer.introspection === null
      ? []
      : {
          ...issuer.introspection,
          issuer,
          readCaller: createCallerReader({
            issuer: issuer.issuer,
            names: issuer.claims,
            classes,
            via: 'bearer',
          }),
        },
  );
  if (endpoints.length === 0) return null;
  const distrusted = new LRUCache<string, { refusal: Refusal; span: Span }>({ max: entriesMax });
  const inFlight = createSingleFlight<VerifiedToken | Refusal>();

  async function ask(key: string, token: string, nowMs: number): Promise<VerifiedToken | Refusal> {
    const answer = await askInTurn(endpoints, token, nowMs, fetch);
    if ('outcome' in answer) distrusted.set(key, { refusal: answer, span: spanOf(nowMs, DISTRUST_MS) });
    return answer;
  }

  return (token, nowMs, enter) => {
    const key = hash('sha256', token, 'binary');
    const known = distrusted.get(key);
    if (known !== undefined && isWithinSpan(known.span, nowMs)) return known.refusal;
    return askOutside(
      enter,
      () => inFlight(key, () => ask(key, token, nowMs)),
      (answer) => 'outcome' in answer,
    );
  };
}

async function askInTurn(
  endpoints: readonly Endpoint[],
  token: string,
  nowMs: number,
  fetch: typeof globalThis.fetch,
): Promise<VerifiedToken | Refusal> {
  let failure: unknown = null;
  let reason: AuthenticationFailure = 'inactive';
  for (const endpoint of endpoints) {
    try {
      const claims = await introspect(endpoint, token, fetch);
      if (claims === null) continue;
      const { iss } = claims;
      if (iss === undefined || iss === endpoint.issuer.issuer) return judge(endpoint, claims, nowMs);
      // One endpoint may answer for several issuers, so the one that is named may be the next.
      reason = 'unknown-issuer';
    } catch (error) {
      failure ??= unavailable(`introspection at issuer ${endpoint.issuer.issuer}: ${String(error)}`, error);
    }
  }
  if (failure !== null) throw failure;
  return unauthenticated(reason);
}

/** What the endpoint says of the token, or null when it is not active. */
async function introspect(
  { issuer, url, clientId, clientSecret }: Endpoint,
  token: string,
  fetch: typeof globalThis.fetch,
): Promise<Record<string, unknown> | null> {
  const { status, body } = await fetchJson(url, {
    fetch,
    timeoutMs: issuer.timeoutMs,
    method: 'POST',
    headers: { authorization: `Basic ${encodeBasic(clientId, clientSecret)}` },
    body: new URLSearchParams({ token, token_type_hint: 'access_token' }),
  });
  if (status !== 200) throw new Error(`answered with status ${status}`);
  if (!isPlainObject(body)) throw new Error('the answer is not a JSON object');
  return body['active'] === true ? body : null;
}

/** RFC 6749 section 2.3.1: id and secret are form-encoded before they are joined. */
function encodeBasic(clientId: string, clientSecret: string): string {
  const encode = (text: string) => new URLSearchParams({ '': text }).toString().slice(1);
  return Buffer.from(`${encode(clientId)}:${encode(clientSecret)}`).toString('base64');
}

function judge(endpoint: Endpoint, claims: Record<string, unknown>, nowMs: number): VerifiedToken | Refusal {
  const failure = findFault(endpoint.issuer, claims, nowMs);
  if (failure !== null) return unauthenticated(failure);
  const caller = endpoint.readCaller(claims);
  if ('outcome' in caller) return caller;
  const { exp } = claims;
  const trustedUntilMs = nowMs + TRUST_MS_MAX;
  const expiresAtMs = typeof exp === 'number' ? Math.min(exp * 1000, trustedUntilMs) : trustedUntilMs;
  return { caller, checkedAtMs: nowMs, expiresAtMs, keys: NO_KEYS, generation: NO_KEYS.generation };
}

function findFault(
  issuer: IssuerOptions,
  claims: Record<string, unknown>,
  nowMs: number,
): AuthenticationFailure | null {
  const { aud, client_id: clientId, exp, nbf } = claims;
  // An active token may have been given for another service of the same issuer. `aud` is optional (RFC 7662, section 2.2); the
  // client that the token was given to tells as much.
  const audiences = [aud, clientId].flat();
  if (!issuer.audience.some((each) => audiences.includes(each))) return 'audience';
  const nowSeconds = Math.floor(nowMs / 1000);
  if (exp !== undefined && typeof exp !== 'number') return 'claims';
  if (exp !== undefined && exp <= nowSeconds - issuer.clockToleranceSeconds) return 'expired';
  if (nbf !== undefined && typeof nbf !== 'number') return 'claims';
  return nbf !== undefined && nbf > nowSeconds + issuer.clockToleranceSeconds ? 'not-yet-valid' : null;
}
