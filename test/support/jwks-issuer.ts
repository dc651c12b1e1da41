import { randomBytes } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, exportSPKI, generateKeyPair, type JWK, SignJWT } from 'jose';

export const AUDIENCE = 'chat-gateway';

/**
 * How it answers for its keys. `hangs`: never. `cut`: the connection is closed. `huge`: far more than a key set.
 * `garbage`: no JSON. `redirects`: to somewhere else. `empty`: no keys.
 */
export type Behaviour = 'well' | 'hangs' | 'cut' | 'error' | 'huge' | 'garbage' | 'redirects' | 'empty';

export interface JwksIssuer {
  /** The issuer, as it stands in tokens. */
  url: string;
  behaviour: Behaviour;
  /** Path of each request so far, in order of arrival. */
  requests: string[];
  /** The public half of the key that it signs with, in PEM. */
  publicPem: string;
  privateKey: CryptoKey;
  /** Signs good claims of this instant for a person, changed by `claims`; a claim of undefined is left out. */
  sign(subject: string, claims?: Record<string, unknown>, header?: Record<string, unknown>): Promise<string>;
  /** From now on signs with a new key, which is published beside the old ones. */
  rotate(): Promise<void>;
  stop(): Promise<void>;
}

const ALGORITHM = 'RS256';

/** A real issuer on loopback: discovery document and key set over HTTP, tokens signed with its own key. */
export async function startJwksIssuer(): Promise<JwksIssuer> {
  const published: JWK[] = [];
  let kid = '';
  const server = createServer((request, response) => {
    issuer.requests.push(request.url ?? '');
    answer(issuer, request.url ?? '', response, published);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const issuer: JwksIssuer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    behaviour: 'well',
    requests: [],
    publicPem: '',
    privateKey: undefined as unknown as CryptoKey,
    sign: (subject, claims = {}, header = {}) =>
      new SignJWT(goodClaims(issuer.url, subject, claims))
        .setProtectedHeader({ alg: ALGORITHM, kid, ...header })
        .sign(issuer.privateKey),
    async rotate() {
      const { publicKey, privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
      kid = randomBytes(6).toString('hex');
      published.push({ ...(await exportJWK(publicKey)), kid, alg: ALGORITHM, use: 'sig' });
      issuer.privateKey = privateKey;
      issuer.publicPem = await exportSPKI(publicKey);
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  await issuer.rotate();
  return issuer;
}

/** Claims that a gateway with {@link AUDIENCE} accepts now. */
export function goodClaims(
  issuer: string,
  subject: string,
  claims: Record<string, unknown> = {},
): Record<string, unknown> {
  const now = Math.floor(Date.now() / 1000);
  return { iss: issuer, aud: AUDIENCE, sub: subject, iat: now - 10, exp: now + 900, ...claims };
}

function answer(issuer: JwksIssuer, path: string, response: ServerResponse, keys: readonly JWK[]): void {
  const json = (value: unknown) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  switch (issuer.behaviour) {
    case 'well':
      if (path === '/.well-known/openid-configuration') {
        json({ issuer: issuer.url, jwks_uri: `${issuer.url}/jwks` });
      } else if (path === '/jwks') json({ keys });
      else response.writeHead(404).end();
      return;
    case 'hangs':
      return;
    case 'cut':
      response.destroy();
      return;
    case 'error':
      response.writeHead(500).end();
      return;
    case 'huge':
      json({ keys, padding: 'x'.repeat(5_000_000) });
      return;
    case 'garbage':
      response.writeHead(200, { 'content-type': 'application/json' }).end('<html>maintenance</html>');
      return;
    case 'redirects':
      response.writeHead(302, { location: `${issuer.url}/jwks` }).end();
      return;
    case 'empty':
      json({ keys: [] });
      return;
    default:
      issuer.behaviour satisfies never;
  }
}
