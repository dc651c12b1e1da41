import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CLASS, IDENTITY } from '../people/resolve-people.js';

/** Signs nothing that anyone believes. */
export const API_KEY = {
  accountSid: sid('AC', 1),
  sid: sid('SK', 1),
  secret: 'SecretOfABenchmarkKey0123456789ab',
};

/** Opens the operator API of a gateway of the benchmark. */
export const FINANCE_KEY = 'mgk_benchmark_finance_key';

/** By default 250: but a machine that stalls for a moment should give a slow answer here, not a 503. */
const DEADLINE_MS = 10_000;

/**
 * @param {string} kind two letters
 * @param {number} number
 */
export function sid(kind, number) {
  return kind + number.toString(16).padStart(32, '0');
}

/**
 * Name of the benchmark's n-th Conversations service; all are of the same length, which prebuilt requests rely on.
 *
 * @param {number} number from 0, below 100000
 */
export function serviceNameOf(number) {
  return `b${String(number).padStart(5, '0')}`;
}

/**
 * Writes a configuration file and answers the environment of a gateway that runs with it. Whatever is not named
 * here has the product's default: the rate limits, the log at level info, the security headers.
 *
 * @param {object} options
 * @param {string} options.folder
 * @param {string} options.name of the file
 * @param {number} options.services
 * @param {number} options.verifiedTokens verified logins that are remembered
 * @param {string} options.redisUrl
 * @param {import('../people/login-issuer.js').LoginIssuer} options.loginIssuer
 * @param {number} [options.deadlineMs] of a call of the ledger
 * @returns {Promise<Record<string, string>>}
 */
export async function writeGatewayConfig({
  folder,
  name,
  services,
  verifiedTokens,
  redisUrl,
  loginIssuer,
  deadlineMs = DEADLINE_MS,
}) {
  const { issuer, audience, jwksUrl } = loginIssuer;
  const file = join(folder, `${name}.yaml`);
  const apiKey = { sid: API_KEY.sid, secretEnv: 'BENCH_API_KEY_SECRET' };
  const config = {
    classes: [CLASS],
    identity: { strategy: IDENTITY.strategy, foldCase: IDENTITY.foldCase },
    limits: { verifiedTokens },
    ledger: { deadlineMs },
    issuers: [{ issuer, audience, jwksUrl, algorithms: ['RS256'] }],
    services: Object.fromEntries(
      Array.from({ length: services }, (_, number) => [
        serviceNameOf(number),
        { accountSid: API_KEY.accountSid, serviceSid: sid('IS', number + 1), apiKey },
      ]),
    ),
  };
  // JSON is YAML too.
  await writeFile(file, JSON.stringify(config, null, 2));
  return {
    PATH: process.env.PATH ?? '',
    MAU_CONFIG_FILE: file,
    HOST: '127.0.0.1',
    PORT: '0',
    // Each its own: several gateways run side by side here.
    METRICS_PORT: '0',
    REDIS_URL: redisUrl,
    IDENTITY_SECRET: IDENTITY.secret,
    BENCH_API_KEY_SECRET: API_KEY.secret,
    OPS_API_KEYS: `bench:finance:${createHash('sha256').update(FINANCE_KEY).digest('hex')}`,
  };
}
