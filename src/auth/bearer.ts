import type { Caller } from '../domain/caller.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { EnterOutside } from '../issue/ports.ts';
import { createIntrospector } from './introspection.ts';
import { createJwtVerifier } from './jwt-verifier.ts';
import type { AuthenticatorOptions } from './options.ts';
import { unauthenticated } from './unauthenticated.ts';
import { beginsLikeJwt, TOKEN_LENGTH_MAX } from './unverified-jwt.ts';
import { createVerifiedTokens, digestToken, type VerifiedToken } from './verified-tokens.ts';

/** RFC 6750 section 2.1: the characters a bearer token is made of. */
const BEARER_TOKEN = /^[A-Za-z0-9._~+/-]+=*$/;

/**
 * Says whose bearer token it is. Synchronous, with the same caller object each time, while the token is
 * remembered.
 */
export type BearerReader = (
  token: string,
  nowMs: number,
  enter?: EnterOutside,
) => Caller | Refusal | Promise<Caller | Refusal>;

export function createBearerReader(
  options: AuthenticatorOptions,
  fetch: typeof globalThis.fetch,
): BearerReader {
  const { issuers, classes, bearerSources = [] } = options;
  const entriesMax = options.limits.verifiedTokens;
  const tokens = createVerifiedTokens(entriesMax);
  const verifyJwt = createJwtVerifier(issuers, classes, fetch);
  const introspect = createIntrospector(issuers, classes, fetch, entriesMax);

  function settle(digest: string, answer: VerifiedToken | Refusal): Caller | Refusal {
    if ('outcome' in answer) return answer;
    tokens.remember(digest, answer);
    return answer.caller;
  }

  async function verify(
    token: string,
    digest: string,
    nowMs: number,
    enter: EnterOutside | undefined,
  ): Promise<Caller | Refusal> {
    if (introspect === null || beginsLikeJwt(token)) return settle(digest, await verifyJwt(token, nowMs));
    if (!BEARER_TOKEN.test(token)) return unauthenticated('malformed');
    return settle(digest, await introspect(token, nowMs, enter));
  }

  return (token, nowMs, enter) => {
    if (token.length > TOKEN_LENGTH_MAX) return unauthenticated('malformed', 'The token is too long.');
    const digest = digestToken(token);
    const remembered = tokens.find(digest, nowMs);
    if (remembered !== undefined) return remembered;
    for (const source of bearerSources) {
      const caller = source(token, nowMs);
      if (caller !== undefined) return caller;
    }
    return verify(token, digest, nowMs, enter);
  };
}
