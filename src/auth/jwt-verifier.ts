import { errors, type JWTVerifyOptions, jwtVerify } from 'jose';
import { GatewayError } from '../domain/gateway-error.ts';
import type { Refusal } from '../domain/refusal.ts';
import { type CallerReader, createCallerReader } from './claims.ts';
import { readJoseFailure } from './jose-failure.ts';
import { createJwksSource } from './jwks-source.ts';
import type { FoundKeys, KeySource } from './key-source.ts';
import type { ClassOptions, IssuerOptions } from './options.ts';
import { rs256KeyFor, verifyRs256 } from './rs256.ts';
import { createSecretSource } from './secret-source.ts';
import { unauthenticated } from './unauthenticated.ts';
import { unavailable } from './unavailable.ts';
import { readUnverifiedJwt, type UnverifiedJwt } from './unverified-jwt.ts';
import type { VerifiedToken } from './verified-tokens.ts';

/** A verified token is taken at its word for so long at most, whatever its `exp`. */
const TRUST_MS_MAX = 300_000;

/**
 * Verifies a JWT of one of the issuers.
 *
 * @throws GatewayError `identity-provider-unavailable` when its key is not known and the issuer cannot be asked
 */
export type JwtVerifier = (token: string, nowMs: number) => Promise<VerifiedToken | Refusal>;

interface Issuer {
  algorithms: readonly string[];
  clockToleranceSeconds: number;
  /** Everything that jose checks, except for the time. */
  checks: JWTVerifyOptions;
  readCaller: CallerReader;
  sourceOf(algorithm: string): KeySource;
}

export function createJwtVerifier(
  issuers: readonly IssuerOptions[],
  classes: readonly ClassOptions[],
  fetch: typeof globalThis.fetch,
): JwtVerifier {
  const byName = new Map(issuers.map((each) => [each.issuer, createIssuer(each, classes, fetch)]));
  return async (token, nowMs) => {
    const jwt = readUnverifiedJwt(token);
    if (jwt === null) return unauthenticated('malformed');
    const issuer = typeof jwt.issuer === 'string' ? byName.get(jwt.issuer) : undefined;
    if (issuer === undefined) return unauthenticated('unknown-issuer');
    if (!issuer.algorithms.includes(jwt.header.alg)) return unauthenticated('algorithm');
    return verifyWith(issuer, token, jwt, nowMs);
  };
}

function createIssuer(
  options: IssuerOptions,
  classes: readonly ClassOptions[],
  fetch: typeof globalThis.fetch,
): Issuer {
  const { issuer, secret } = options;
  // A shared secret is the only key that HS256 may ever be checked with: taken for an HMAC key, a public key
  // would let anyone sign.
  const shared = secret === null ? null : createSecretSource(secret);
  const published = createJwksSource({
    issuer,
    jwksUrl: options.jwksUrl,
    timeoutMs: options.timeoutMs,
    fetch,
  });
  const algorithms = options.algorithms.filter((each) => each !== 'HS256' || shared !== null);
  return {
    algorithms,
    clockToleranceSeconds: options.clockToleranceSeconds,
    checks: {
      issuer,
      audience: [...options.audience],
      algorithms,
      clockTolerance: options.clockToleranceSeconds,
      requiredClaims: ['exp'],
    },
    readCaller: createCallerReader({ issuer, names: options.claims, classes, via: 'bearer' }),
    sourceOf: (algorithm) => (algorithm === 'HS256' && shared !== null ? shared : published),
  };
}

async function verifyWith(
  issuer: Issuer,
  token: string,
  jwt: UnverifiedJwt,
  nowMs: number,
): Promise<VerifiedToken | Refusal> {
  const keys = issuer.sourceOf(jwt.header.alg);
  const checks = { ...issuer.checks, currentDate: new Date(nowMs) };
  let found = await keys.find(jwt.header, nowMs);
  let claims = await tryKeys(found, token, checks, jwt);
  if (claims === 'bad-signature' || claims instanceof GatewayError) {
    // Some issuers change a key without changing its id; others name no ids at all.
    await keys.renew(nowMs);
    if (keys.generation !== found.generation) {
      found = await keys.find(jwt.header, nowMs);
      claims = await tryKeys(found, token, checks, jwt);
    }
  }
  if (claims instanceof GatewayError) throw claims;
  if (typeof claims === 'string') return unauthenticated(claims);
  const { exp, iat } = claims;
  if (iat !== undefined && iat > nowMs / 1000 + issuer.clockToleranceSeconds)
    return unauthenticated('issued-in-future');
  const caller = issuer.readCaller(claims);
  if ('outcome' in caller) return caller;
  const expiresAtMs = Math.min((exp ?? 0) * 1000, nowMs + TRUST_MS_MAX);
  return { caller, checkedAtMs: nowMs, expiresAtMs, keys, generation: found.generation };
}

/**
 * The claims under the first key that made the signature, or why there are none: what is wrong with the token, or the
 * failure of a key that nothing can be told by.
 */
async function tryKeys(
  { candidates }: FoundKeys,
  token: string,
  checks: JWTVerifyOptions,
  jwt: UnverifiedJwt,
) {
  if (candidates.length === 0) return 'unknown-key';
  let unusable: GatewayError | null = null;
  for (const key of candidates) {
    try {
      const rs256Key = rs256KeyFor(token, jwt, key);
      if (rs256Key === null) return (await jwtVerify(token, key, checks)).payload;
      const claims = verifyRs256(token, rs256Key, checks);
      if (claims !== null) return claims;
    } catch (error) {
      if (error instanceof errors.JWSSignatureVerificationFailed) continue;
      const failure = readJoseFailure(error, jwt.critical);
      if (failure !== null) return failure;
      // Everything of the token was checked before; what is left to be wrong is the key, such as its size. It must not
      // stand in the way of the others.
      unusable ??= unavailable('a key of the issuer cannot verify', error);
    }
  }
  return unusable ?? 'bad-signature';
}
