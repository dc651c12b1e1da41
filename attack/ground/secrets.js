import { createHash, generateKeyPairSync } from 'node:crypto';

/** One of everything that a gateway may be told in confidence. Recognisable, so that it can be searched for. */
export function plantSecrets(random) {
  const plant = (name) => `planted-${name}-${random.hex(32)}`;
  const { privateKey } = generateKeyPairSync('ed25519');
  return {
    identitySecret: plant('identity-secret'),
    cookieSecret: plant('cookie-secret'),
    previousCookieSecret: plant('previous-cookie-secret'),
    apiKeySecret: random.hex(32),
    previousApiKeySecret: random.hex(32),
    readApiKeySecret: random.hex(32),
    secondApiKeySecret: random.hex(32),
    authToken: random.hex(32),
    previousAuthToken: random.hex(32),
    redisPassword: plant('redis-password'),
    sharedIssuerSecret: plant('shared-issuer-secret'),
    introspectionSecret: plant('introspection-secret'),
    oidcClientSecret: plant('oidc-client-secret'),
    alertUrlPath: plant('alert-path'),
    alertSigningSecret: random.bytes(24).toString('base64'),
    manifestKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString().split('\n')[1],
    adminKey: `mgk_${random.hex(40)}`,
    viewerKey: `mgk_${random.hex(40)}`,
    backendKey: `mgk_${random.hex(40)}`,
  };
}

/** @typedef {ReturnType<typeof plantSecrets>} Secrets */

/** @param {string} text */
export const sha256 = (text) => createHash('sha256').update(text).digest('hex');
