import { expect } from '@jest/globals';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { createAuthenticator } from '../../src/auth/create-authenticator.ts';
import type { AuthenticatorOptions, IssuerOptions } from '../../src/auth/options.ts';
import type { AuthenticationFailure } from '../../src/domain/refusal.ts';
import type { Authenticator, Credentials } from '../../src/issue/ports.ts';
import { answerJson, type Handler, type LoopbackServer, startLoopbackServer } from './loopback-server.ts';

export const NOW_MS = Date.UTC(2026, 10, 20, 12);
export const NOW_SECONDS = NOW_MS / 1000;
export const AUDIENCE = 'chat-gateway';

export const NO_CREDENTIALS: Credentials = {
  authorization: undefined,
  apiKey: undefined,
  subject: undefined,
  cookie: undefined,
  originTrusted: true,
};

export const CLASSES = [{ name: 'member' }, { name: 'agent' }, { name: 'manager' }];

export function bearer(token: string): Credentials {
  return { ...NO_CREDENTIALS, authorization: `Bearer ${token}` };
}

export interface Signer {
  publicJwk: JWK;
  privateKey: CryptoKey;
  /** Signs good claims for `issuer`, changed by `claims`; a claim of undefined is left out. */
  sign(issuer: string, claims?: Record<string, unknown>, header?: Record<string, unknown>): Promise<string>;
}

/** @param kid undefined: neither the published key nor the tokens name one */
export async function createSigner(kid: string | undefined, alg = 'RS256'): Promise<Signer> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const named = kid === undefined ? {} : { kid };
  return {
    privateKey,
    publicJwk: { ...(await exportJWK(publicKey)), alg, use: 'sig', ...named },
    sign: (issuer, claims = {}, header = {}) =>
      new SignJWT(goodClaims(issuer, claims))
        .setProtectedHeader({ alg, ...named, ...header })
        .sign(privateKey),
  };
}

export function goodClaims(issuer: string, claims: Record<string, unknown> = {}): Record<string, unknown> {
  return { iss: issuer, aud: AUDIENCE, sub: 'ada', iat: NOW_SECONDS - 10, exp: NOW_SECONDS + 900, ...claims };
}

export function issuerOptions(issuer: string, changes: Partial<IssuerOptions> = {}): IssuerOptions {
  return {
    issuer,
    audience: [AUDIENCE],
    jwksUrl: `${issuer}/jwks`,
    algorithms: ['RS256', 'ES256', 'EdDSA'],
    secret: null,
    claims: { person: 'sub', class: 'role', tenant: 'org', display: 'name' },
    clockToleranceSeconds: 5,
    timeoutMs: 5_000,
    introspection: null,
    ...changes,
  };
}

/** An authenticator that takes the word of these issuers, and nobody else's. */
export function trusting(...issuers: IssuerOptions[]): Authenticator {
  return createAuthenticator(authenticatorOptions({ issuers }));
}

export function authenticatorOptions(changes: Partial<AuthenticatorOptions> = {}): AuthenticatorOptions {
  return {
    issuers: [],
    backends: [],
    session: null,
    classes: CLASSES,
    limits: { verifiedTokens: 1000 },
    ...changes,
  };
}

/** A server on which these signers publish their keys. */
export function startKeyServer(...signers: Signer[]): Promise<LoopbackServer> {
  return startLoopbackServer(serveKeys(signers.map(({ publicJwk }) => publicJwk)));
}

/** Serves a key set at every path, after a delay. */
export function serveKeys(keys: JWK[], delayMs = 0): Handler {
  return (_request, response) => {
    setTimeout(() => answerJson(response, { keys }), delayMs);
  };
}

export function encodePart(value: unknown): string {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
}

export function refusedFor(reason: AuthenticationFailure) {
  return expect.objectContaining({ outcome: 'refused', code: 'unauthenticated', reason });
}
