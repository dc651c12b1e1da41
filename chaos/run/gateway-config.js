import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HMAC_ISSUER, IDENTITY_SECRET } from '../people.js';

/** Opens the operator API of a run. */
export const OPS_KEY = 'mgk_key_of_a_chaos_run';
export const AUTH_TOKEN = 'auth-token-of-a-chaos-run-0000000';
export const PUBLIC_URL = 'https://chat.chaos.example';
export const ACCOUNT_SID = sid('AC', 1);

/** Nobody is stopped for asking often: a run is about other promises. */
const PLENTY = 6_000;
const PLENTY_OF_GUESTS = 100_000;
/** Different ones, so that a gateway seldom gives out a token of another again. */
const TTL_SECONDS = [3_600, 600, 900];

/**
 * Writes the config file that all gateways of a run share, but for the life of tokens, and answers the environment of
 * each.
 *
 * @param {object} options
 * @param {string} options.folder
 * @param {number} options.gateways
 * @param {number} options.limit identities of the configured budget
 * @param {import('../../bench/people/login-issuer.js').LoginIssuer} options.rsaIssuer
 * @param {Record<string, string>} options.store environment that names the ledger
 * @param {Record<string, any>} [options.overrides] sections of the file that go before those of chaos
 * @returns {Promise<Record<string, string>[]>}
 */
export async function writeGatewayConfigs({ folder, gateways, limit, rsaIssuer, store, overrides = {} }) {
  const environments = [];
  for (let n = 0; n < gateways; n++) {
    const file = join(folder, `gateway-${n}.yaml`);
    const ttlSeconds = TTL_SECONDS[n % TTL_SECONDS.length];
    const config = { ...buildConfig({ limit, rsaIssuer, ttlSeconds }), ...overrides };
    // JSON is YAML too.
    await writeFile(file, JSON.stringify(config, null, 2));
    environments.push({
      ...{ PATH: process.env.PATH ?? '', MAU_CONFIG_FILE: file, HOST: '127.0.0.1', METRICS_PORT: 'off' },
      ...{
        LOG_LEVEL: 'warn',
        LOG_FORMAT: 'json',
        IDENTITY_SECRET,
        PUBLIC_URL,
        TWILIO_AUTH_TOKEN: AUTH_TOKEN,
      },
      CHAOS_API_KEY_SECRET: 'SecretOfTheApiKeyOfAChaosRun0123',
      CHAOS_LOGIN_SECRET: HMAC_ISSUER.secret,
      OPS_API_KEYS: `chaos:admin:${createHash('sha256').update(OPS_KEY).digest('hex')}`,
      JOURNAL_PATH: join(folder, `journal-${n}`, 'journal'),
      ...store,
    });
  }
  return environments;
}

function buildConfig({ limit, rsaIssuer, ttlSeconds }) {
  const { issuer, audience, claims } = HMAC_ISSUER;
  const hmac = { issuer, audience, algorithms: ['HS256'], secretEnv: 'CHAOS_LOGIN_SECRET', claims };
  const { issuer: name, audience: forUs, jwksUrl } = rsaIssuer;
  const rsa = { issuer: name, audience: forUs, jwksUrl, algorithms: ['RS256'], claims };
  return {
    token: { ttlSeconds },
    limits: { tokenRequestsPerMinute: PLENTY, failedAuthenticationsPerMinute: PLENTY },
    guests: { policy: 'per-browser', newPerHour: PLENTY_OF_GUESTS },
    issuers: [hmac, rsa],
    services: {
      default: {
        ...{ accountSid: ACCOUNT_SID, serviceSid: sid('IS', 1) },
        apiKey: { sid: sid('SK', 1), secretEnv: 'CHAOS_API_KEY_SECRET' },
        budget: { identities: limit, mode: 'block' },
      },
    },
  };
}

/**
 * @param {string} kind two letters
 * @param {number} number
 */
export function sid(kind, number) {
  return kind + number.toString(16).padStart(32, '0');
}
