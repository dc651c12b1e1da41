import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { copyProduct } from '../../chaos/run/product-copy.js';
import { endChild, nextMessage, startChild } from '../system/children.js';
import { freePort } from '../system/free-port.js';

const hook = (path) => ['--import', pathToFileURL(join(import.meta.dirname, '../..', path)).href];
/** Lets the gateway live at another time, and lets it tell of its memory. */
const HOOKS = [...hook('chaos/run/shift-clock.js'), '--expose-gc', ...hook('soak/look-inside.js')];
export const LOGIN = {
  issuer: 'https://bench.example',
  audience: 'chat',
  secret: 'shared-secret-of-the-benchmark-0000001',
};
export const OPS_KEY = 'mgk_key_of_an_outage_run';
/** Long enough for a program that is told the time to hear of it. */
const HEARD_MS = 20;

/**
 * A gateway with a journal, of which time and memory are in our hands.
 *
 * @param {{ folder: string, redisUrl: string, journal: string, clockOffsetMs: number }} options
 */
export async function startGateway({ folder, redisUrl, journal, clockOffsetMs }) {
  const port = await freePort();
  const config = join(folder, 'gateway.yaml');
  await writeFile(
    config,
    // What is remembered of logins is full soon: they are verified anew every few seconds of a clock that runs so fast.
    `issuers: [{ issuer: '${LOGIN.issuer}', audience: ${LOGIN.audience}, algorithms: [HS256], secretEnv: BENCH_SECRET }]
limits: { tokenRequestsPerMinute: 6000, failedAuthenticationsPerMinute: 6000, verifiedTokens: 1000 }
`,
  );
  const env = {
    ...{ PATH: process.env.PATH, PORT: String(port), METRICS_PORT: 'off', MAU_CONFIG_FILE: config },
    ...{ LOG_LEVEL: 'warn', LOG_FORMAT: 'json', TOKEN_TTL_SECONDS: '300' },
    ...{ TWILIO_ACCOUNT_SID: `AC${'1'.repeat(32)}`, TWILIO_API_KEY_SID: `SK${'2'.repeat(32)}` },
    ...{ TWILIO_API_KEY_SECRET: 'signing-secret', TWILIO_CONVERSATIONS_SERVICE_SID: `IS${'3'.repeat(32)}` },
    ...{ IDENTITY_SECRET: 'identity-secret-of-the-benchmark-00001', BENCH_SECRET: LOGIN.secret },
    OPS_API_KEYS: `bench:finance:${createHash('sha256').update(OPS_KEY).digest('hex')}`,
    ...{ REDIS_URL: redisUrl, JOURNAL_PATH: journal, CHAOS_CLOCK_OFFSET_MS: String(clockOffsetMs) },
  };
  const { program, nodeFlags } = copyProduct(folder, null);
  const child = await startChild(process.execPath, [...nodeFlags, ...HOOKS, program, 'serve'], {
    ...{ core: null, cwd: folder, env },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const said = [];
  const listening = new Promise((resolve) => {
    createInterface({ input: child.stderr }).on('line', (line) => {
      if (said.length < 50) said.push(line);
      if (line.includes('listening on')) resolve(true);
    });
  });
  if (!(await Promise.race([listening, once(child, 'exit').then(() => false)])))
    throw new Error(`the gateway ended:\n${said.join('\n')}`);
  return {
    port,
    /** @param {number} offsetMs of its clock from the machine's */
    async tellTime(offsetMs) {
      child.send({ offsetMs });
      await sleep(HEARD_MS);
    },
    /** @returns {Promise<{ heapUsed: number, rss: number }>} bytes, after a collection */
    async state() {
      const answer = nextMessage(child, 'the gateway');
      child.send('how are you');
      const { heapUsed, rss } = await answer;
      return { heapUsed, rss };
    },
    stop: () => endChild(child),
  };
}
