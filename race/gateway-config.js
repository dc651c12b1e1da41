import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ISSUER } from './people.js';

/** Reads everything that a race is judged by. */
export const OPS_KEY = 'mgk_key_of_a_race';

const sid = (kind) => kind + '1'.padStart(32, '0');

/** A machine that stalls for a moment should give a slow answer here, not a 503. */
const DEADLINE_MS = 10_000;

/**
 * Writes a config file and answers the environment of a gateway that runs with it. Nobody is stopped for asking often:
 * a race is about budgets.
 *
 * @param {object} options
 * @param {string} options.folder
 * @param {string} options.name of the file
 * @param {import('./budgets.js').BudgetEntry} options.budget
 * @param {Record<string, string>} options.store environment that names the ledger
 * @param {number} options.ttlSeconds life of tokens
 * @returns {Promise<Record<string, string>>}
 */
export async function writeGatewayConfig({ folder, name, budget, store, ttlSeconds }) {
  const { issuer, audience, claims } = ISSUER;
  const file = join(folder, `${name}.yaml`);
  const config = {
    token: { ttlSeconds },
    limits: { tokenRequestsPerMinute: 6_000 },
    ledger: { deadlineMs: DEADLINE_MS },
    issuers: [{ issuer, audience, algorithms: ['HS256'], secretEnv: 'RACE_LOGIN_SECRET', claims }],
    services: {
      default: {
        accountSid: sid('AC'),
        serviceSid: sid('IS'),
        apiKey: { sid: sid('SK'), secretEnv: 'RACE_API_KEY_SECRET' },
        budget,
      },
    },
  };
  // JSON is YAML too.
  await writeFile(file, JSON.stringify(config, null, 2));
  return {
    PATH: process.env.PATH ?? '',
    MAU_CONFIG_FILE: file,
    HOST: '127.0.0.1',
    PORT: '0',
    METRICS_PORT: 'off',
    LOG_LEVEL: 'error',
    IDENTITY_SECRET: 'identity-secret-of-a-race-0123456789',
    RACE_API_KEY_SECRET: 'SecretOfTheApiKeyOfARace01234567',
    RACE_LOGIN_SECRET: ISSUER.secret,
    OPS_API_KEYS: `race:admin:${createHash('sha256').update(OPS_KEY).digest('hex')}`,
    ...store,
  };
}
