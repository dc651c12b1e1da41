import { hash } from 'node:crypto';
import { errors, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { findIdentityFault } from '../domain/identity.ts';
import type { AuthenticationFailure, Refusal } from '../domain/refusal.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { BeaconTokens, VerifiedBeaconToken } from '../signals/ports.ts';
import { readJoseFailure } from './jose-failure.ts';
import { unauthenticated } from './unauthenticated.ts';
import { readUnverifiedJwt } from './unverified-jwt.ts';

/** A Conversations service and the keys that its tokens may be signed with. */
export interface BeaconService {
  name: ServiceName;
  accountSid: string;
  serviceSid: string;
  apiKey: { sid: string; secret: string };
  /** Still good while keys rotate, or null. */
  previousApiKey: { sid: string; secret: string } | null;
}

export interface BeaconTokensOptions {
  services: readonly BeaconService[];
  /** Verified tokens that are remembered, at least 1. */
  rememberedMax: number;
}

interface SigningKey {
  sid: string;
  secret: Uint8Array;
  /** Services that use it, by Service SID. */
  services: Map<string, BeaconService>;
}

/** What a page tells when it is closed, or after its network was away, comes after the token's end. */
const GRACE_SECONDS = 600;
/** How far ahead of ours the clock of the gateway that signed may be: a beacon that is refused does not come back. */
const AHEAD_SECONDS_MAX = 60;
/** Twilio takes no token that is made for longer. https://www.twilio.com/docs/iam/access-tokens */
const LIFE_SECONDS_MAX = 86_400;
/** In nobody's name. */
const CONTROL = /\p{Cc}/u;
/** https://www.twilio.com/docs/iam/access-tokens */
const CONTENT_TYPE = 'twilio-fpa;v=1';

const claimsSchema = z
  .object({
    iat: z.int().min(0),
    exp: z.int(),
    grants: z.object({ identity: z.string(), chat: z.object({ service_sid: z.string() }) }),
  })
  .refine(({ iat, exp }) => exp > iat && exp - iat <= LIFE_SECONDS_MAX);

/**
 * Verifies Twilio tokens by the keys that this gateway signs with. A key speaks for the services that are configured
 * with it and for no other, whatever a token says. Verified tokens are remembered by the SHA-256 of the whole token;
 * the time is compared each time.
 */
export function createBeaconTokens({ services, rememberedMax }: BeaconTokensOptions): BeaconTokens {
  const keys = collectKeys(services);
  const remembered = new LRUCache<string, VerifiedBeaconToken>({ max: rememberedMax });

  async function verify(token: string, nowMs: number): Promise<VerifiedBeaconToken | Refusal> {
    const jwt = readUnverifiedJwt(token);
    if (jwt === null) return unauthenticated('malformed');
    if (jwt.header.alg !== 'HS256') return unauthenticated('algorithm');
    const candidates = typeof jwt.issuer === 'string' ? keys.get(jwt.issuer) : undefined;
    if (candidates === undefined) return unauthenticated('unknown-issuer');
    for (const key of candidates) {
      const verified = await verifyWith(key, token, jwt.critical, nowMs);
      if (verified !== 'bad-signature') {
        return typeof verified === 'string' ? unauthenticated(verified) : verified;
      }
    }
    return unauthenticated('bad-signature');
  }

  return {
    verify(token, nowMs) {
      const digest = hash('sha256', token, 'binary');
      const known = remembered.get(digest);
      if (known !== undefined) return judge(known, nowMs);
      return verify(token, nowMs).then((verified) => {
        if (verified.outcome === 'refused') return verified;
        const judged = judge(verified, nowMs);
        if (judged === verified) remembered.set(digest, verified);
        return judged;
      });
    },
  };
}

/** By key SID; a SID that is configured with two secrets, as no key of Twilio's has, gets both tried. */
function collectKeys(services: readonly BeaconService[]): Map<string, SigningKey[]> {
  const keys = new Map<string, SigningKey[]>();
  for (const service of services) {
    for (const { sid, secret } of [service.apiKey, service.previousApiKey].filter((each) => each !== null)) {
      const bytes = Buffer.from(secret, 'utf8');
      const ofSid = keys.get(sid) ?? [];
      keys.set(sid, ofSid);
      const known = ofSid.find((each) => bytes.equals(each.secret));
      if (known === undefined) {
        ofSid.push({ sid, secret: bytes, services: new Map([[service.serviceSid, service]]) });
      } else known.services.set(service.serviceSid, service);
    }
  }
  return keys;
}

async function verifyWith(
  { sid, secret, services }: SigningKey,
  token: string,
  critical: boolean,
  nowMs: number,
): Promise<VerifiedBeaconToken | AuthenticationFailure> {
  try {
    const { payload, protectedHeader } = await jwtVerify(token, secret, {
      algorithms: ['HS256'],
      typ: 'JWT',
      issuer: sid,
      currentDate: new Date(nowMs),
      // One second more than the grace: jose refuses at the very end of it, and `judge` has the last word.
      clockTolerance: GRACE_SECONDS + 1,
    });
    const claims = claimsSchema.safeParse(payload);
    if (!claims.success || protectedHeader.cty !== CONTENT_TYPE) return 'claims';
    const { iat, exp, grants } = claims.data;
    const service = services.get(grants.chat.service_sid);
    if (service === undefined) return 'audience';
    if (payload.sub !== service.accountSid) return 'claims';
    if (payload.nbf !== undefined && payload.nbf > nowMs / 1000 + AHEAD_SECONDS_MAX) return 'not-yet-valid';
    // Of another server beside this gateway: Twilio lets in whoever it names, whatever their alphabet.
    const fault = findIdentityFault(grants.identity);
    if (fault !== null && (fault !== 'alphabet' || CONTROL.test(grants.identity))) return 'identity';
    return {
      outcome: 'verified',
      service: service.name,
      name: grants.identity,
      issuedAt: iat,
      expiresAt: exp,
    };
  } catch (error) {
    if (error instanceof errors.JWSSignatureVerificationFailed) return 'bad-signature';
    const failure = readJoseFailure(error, critical);
    if (failure === null) throw error;
    return failure;
  }
}

function judge(token: VerifiedBeaconToken, nowMs: number): VerifiedBeaconToken | Refusal {
  if (nowMs > (token.expiresAt + GRACE_SECONDS) * 1000) return unauthenticated('expired');
  if (nowMs < (token.issuedAt - AHEAD_SECONDS_MAX) * 1000) return unauthenticated('issued-in-future');
  return token;
}
