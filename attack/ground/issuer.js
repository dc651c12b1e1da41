import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { signHmac, signWithKey } from '../tools/jwt.js';

export const AUDIENCE = 'chat';
const LOGIN_SECONDS = 900;

/**
 * Everybody whose word a gateway takes for who somebody is, on one port: issuers that sign with RSA, with EC and with a
 * shared secret, one of opaque tokens, the app's session, and the identity provider of operators.
 *
 * @typedef {Awaited<ReturnType<typeof startIssuer>>} Issuer
 */

/** @param {import('./secrets.js').Secrets} secrets */
export async function startIssuer(secrets) {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  /** Paths that were asked for so far. */
  const asked = [];
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0];
    asked.push(path);
    request.resume();
    const [status, body] = answerTo(path, request.headers);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${server.address().port}`;
  const names = { rsa: `${url}/rsa`, ec: `${url}/ec`, shared: `${url}/shared`, opaque: `${url}/opaque` };

  function answerTo(path, headers) {
    const sets = {
      '/rsa/jwks': [{ ...rsa.publicKey.export({ format: 'jwk' }), kid: 'rsa-1', alg: 'RS256', use: 'sig' }],
      '/ec/jwks': [{ ...ec.publicKey.export({ format: 'jwk' }), kid: 'ec-1', alg: 'ES256', use: 'sig' }],
      '/opaque/jwks': [],
    };
    if (Object.hasOwn(sets, path)) return [200, { keys: sets[path] }];
    if (path === '/opaque/.well-known/openid-configuration') {
      return [200, { issuer: names.opaque, jwks_uri: `${names.opaque}/jwks` }];
    }
    if (path === '/opaque/introspect') return [200, { active: false }];
    if (path === '/session') {
      const signedIn = headers.cookie === 'app_session=session-of-ada';
      return signedIn ? [200, { sub: 'ada-by-session' }] : [401, {}];
    }
    if (path === '/ops/.well-known/openid-configuration') {
      const endpoints = { authorization_endpoint: `${url}/ops/auth`, token_endpoint: `${url}/ops/token` };
      return [200, { issuer: `${url}/ops`, jwks_uri: `${url}/rsa/jwks`, ...endpoints }];
    }
    if (path === '/ops/token') return [400, { error: 'invalid_grant' }];
    // Where alerts go: an answer that makes the gateway say that it failed.
    return [500, {}];
  }

  /** Claims that the gateways accept now. */
  function claimsOf(issuer, subject, claims = {}) {
    const iat = Math.floor(Date.now() / 1000) - 5;
    return { iss: names[issuer], aud: AUDIENCE, sub: subject, iat, exp: iat + LOGIN_SECONDS, ...claims };
  }

  return {
    url,
    names,
    asked,
    rsa,
    ec,
    claimsOf,
    /** Good logins. */
    logins: {
      rsa: (subject, claims, header) =>
        signWithKey(
          { alg: 'RS256', kid: 'rsa-1', ...header },
          claimsOf('rsa', subject, claims),
          rsa.privateKey,
        ),
      ec: (subject, claims, header) =>
        signWithKey({ alg: 'ES256', kid: 'ec-1', ...header }, claimsOf('ec', subject, claims), ec.privateKey),
      shared: (subject, claims, header) =>
        signHmac(
          { alg: 'HS256', ...header },
          claimsOf('shared', subject, claims),
          secrets.sharedIssuerSecret,
        ),
    },
    async stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
