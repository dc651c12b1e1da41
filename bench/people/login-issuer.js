import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';

const KEY_ID = 'bench-1';

/**
 * The login service that the gateway believes: an RSA key of 2048 bits, published as a JWKS.
 *
 * @typedef {object} LoginIssuer
 * @property {string} issuer
 * @property {string} audience
 * @property {string} jwksUrl
 * @property {string} keyId
 * @property {string} privateKeyPem
 * @property {() => Promise<void>} stop
 */

/** @returns {Promise<LoginIssuer>} */
export async function startLoginIssuer() {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwks = JSON.stringify({
    keys: [{ ...publicKey.export({ format: 'jwk' }), kid: KEY_ID, alg: 'RS256', use: 'sig' }],
  });
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(jwks);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${server.address().port}/`;
  return {
    issuer,
    audience: 'https://chat.bench.example',
    jwksUrl: `${issuer}jwks.json`,
    keyId: KEY_ID,
    privateKeyPem: privateKey.export({ format: 'pem', type: 'pkcs8' }),
    stop: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}
