import { AUDIENCE } from './issuer.js';
import { sha256 } from './secrets.js';

const sid = (kind, n) => kind + String(n).padStart(32, '0');

export const SIDS = {
  account: sid('AC', 1),
  key: sid('SK', 1),
  previousKey: sid('SK', 2),
  readKey: sid('SK', 3),
  secondKey: sid('SK', 4),
  service: sid('IS', 1),
  crowdService: sid('IS', 2),
  secondAccount: sid('AC', 2),
  secondService: sid('IS', 3),
};

/** What the outside calls the gateways. Its name resolves nowhere; webhooks are signed for it. */
export const PUBLIC_URL = 'https://chat.attack.example';
/** A page that may use the gateways across origins. */
export const APP_ORIGIN = 'https://app.attack.example';
/** New guests an hour and address block. */
export const NEW_GUESTS = 5;
/** Guests that service `crowd` may have in a month. */
export const GUEST_PLACES = 20;
/** Identities of one tenant in service `second`. */
export const TENANT_PLACES = 2;
/** Failed authentications a minute and address block, of the gateway that takes them. */
export const FAILURES = 60;

/**
 * A config file as an object, and the environment, of a gateway with everything switched on.
 *
 * @param {object} options
 * @param {import('./secrets.js').Secrets} options.secrets
 * @param {import('./issuer.js').Issuer} options.issuer
 * @param {string} options.redisUrl
 * @param {number} options.failuresPerMinute failed authentications, by address block
 * @param {Record<string, string>} [options.environment] goes before everything
 */
export function settingsOf({ secrets, issuer, redisUrl, failuresPerMinute, environment = {} }) {
  const { url, names } = issuer;
  const backends = [
    { name: 'shop', keySha256: sha256(secrets.backendKey), issuer: names.rsa, classes: ['member'] },
  ];
  const config = {
    limits: { tokenRequestsPerMinute: 6_000, failedAuthenticationsPerMinute: failuresPerMinute },
    ledger: { deadlineMs: 5_000 },
    guests: { policy: 'per-browser', newPerHour: NEW_GUESTS },
    compatibility: { tokenEndpoint: 'login' },
    issuers: [
      {
        ...{ issuer: names.rsa, audience: AUDIENCE, algorithms: ['RS256', 'PS256'] },
        ...{ jwksUrl: `${names.rsa}/jwks`, claims: { person: 'sub', tenant: 'team' } },
      },
      { issuer: names.ec, audience: AUDIENCE, algorithms: ['ES256'], jwksUrl: `${names.ec}/jwks` },
      { issuer: names.shared, audience: AUDIENCE, algorithms: ['HS256'], secretEnv: 'ATTACK_SHARED_SECRET' },
      {
        ...{ issuer: names.opaque, audience: AUDIENCE },
        introspection: {
          ...{ url: `${names.opaque}/introspect`, clientId: 'gateway' },
          clientSecretEnv: 'ATTACK_INTROSPECTION_SECRET',
        },
      },
    ],
    backends,
    session: {
      url: `${url}/session`,
      cookieName: 'app_session',
      issuer: names.rsa,
      claims: { person: 'sub' },
    },
    ops: { oidc: { roleClaim: 'groups', roles: { admin: ['admins'] }, scopes: ['openid'] } },
    alerts: {
      targets: [
        { name: 'team', kind: 'slack', urlEnv: 'ATTACK_ALERT_URL' },
        { name: 'pager', kind: 'webhook', url: `${url}/pager`, secretEnv: 'ATTACK_ALERT_SECRET' },
      ],
    },
    services: {
      default: {
        ...{ accountSid: SIDS.account, serviceSid: SIDS.service },
        apiKey: { sid: SIDS.key, secretEnv: 'TWILIO_API_KEY_SECRET' },
      },
      crowd: {
        ...{ accountSid: SIDS.account, serviceSid: SIDS.crowdService },
        apiKey: { sid: SIDS.key, secretEnv: 'TWILIO_API_KEY_SECRET' },
        budget: { identities: 1_000, mode: 'block', classes: { guest: GUEST_PLACES } },
      },
      second: {
        ...{ accountSid: SIDS.secondAccount, serviceSid: SIDS.secondService },
        apiKey: { sid: SIDS.secondKey, secretEnv: 'ATTACK_SECOND_KEY_SECRET' },
        budget: { mode: 'block', tenants: { '*': TENANT_PLACES } },
      },
    },
  };
  return {
    config,
    environment: {
      PATH: process.env.PATH ?? '',
      ...{ HOST: '127.0.0.1', PORT: '0', METRICS_PORT: 'off', LOG_LEVEL: 'trace', LOG_FORMAT: 'json' },
      ...{ PUBLIC_URL, CORS_ORIGINS: APP_ORIGIN },
      REDIS_URL: redisUrl,
      IDENTITY_SECRET: secrets.identitySecret,
      COOKIE_SECRET: secrets.cookieSecret,
      COOKIE_PREVIOUS_SECRET: secrets.previousCookieSecret,
      TWILIO_ACCOUNT_SID: SIDS.account,
      TWILIO_API_KEY_SID: SIDS.key,
      TWILIO_API_KEY_SECRET: secrets.apiKeySecret,
      TWILIO_CONVERSATIONS_SERVICE_SID: SIDS.service,
      TWILIO_PREVIOUS_API_KEY_SID: SIDS.previousKey,
      TWILIO_PREVIOUS_API_KEY_SECRET: secrets.previousApiKeySecret,
      TWILIO_REST_API_KEY_SID: SIDS.readKey,
      TWILIO_REST_API_KEY_SECRET: secrets.readApiKeySecret,
      // Nobody listens there: reads fail, and say so in the log.
      TWILIO_REST_URL: 'http://127.0.0.1:9',
      TWILIO_AUTH_TOKEN: secrets.authToken,
      TWILIO_PREVIOUS_AUTH_TOKEN: secrets.previousAuthToken,
      OPS_API_KEYS: `root:admin:${sha256(secrets.adminKey)},eye:viewer:${sha256(secrets.viewerKey)}`,
      ...{ OPS_OIDC_ISSUER: `${url}/ops`, OPS_OIDC_CLIENT_ID: 'dashboard' },
      OPS_OIDC_CLIENT_SECRET: secrets.oidcClientSecret,
      MANIFEST_SIGNING_KEY: `-----BEGIN PRIVATE KEY-----\n${secrets.manifestKey}\n-----END PRIVATE KEY-----\n`,
      ATTACK_SHARED_SECRET: secrets.sharedIssuerSecret,
      ATTACK_INTROSPECTION_SECRET: secrets.introspectionSecret,
      ATTACK_SECOND_KEY_SECRET: secrets.secondApiKeySecret,
      ATTACK_ALERT_URL: `${url}/${secrets.alertUrlPath}`,
      ATTACK_ALERT_SECRET: `whsec_${secrets.alertSigningSecret}`,
      ...environment,
    },
  };
}
