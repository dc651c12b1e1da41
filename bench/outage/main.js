#!/usr/bin/env node
/*
 * Redis falls silent (SIGSTOP) in front of a gateway with a journal: how long known people and strangers wait, and what
 * the gateway's memory does meanwhile. Afterwards the ledger must have every token that was given out.
 *
 * node bench/outage/main.js [--seconds 60] [--rate 100] [--people 200]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { renameSync, statSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { SignJWT } from 'jose';
import { startRedis } from '../system/redis-server.js';
import { makeTemporaryFolder } from '../system/temporary-folder.js';

const PROGRAM = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const SHIFT_CLOCK = pathToFileURL(fileURLToPath(new URL('./shift-clock.js', import.meta.url))).href;
const SECRET = 'shared-secret-of-the-benchmark-0000001';
/** Of a token of 300 s; from then on somebody needs a new one. */
const HALF_A_LIFE_MS = 151_000;
/** How often half a life goes by: each known person mints and is given the same token again in turn. */
const EVERY_MS = 2_000;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    rate: { type: 'string', default: '100' },
    people: { type: 'string', default: '200' },
  },
});
const [seconds, rate, peopleCount] = [values.seconds, values.rate, values.people].map(Number);

const folder = await makeTemporaryFolder();
const redis = await startRedis({ folder, durable: true, core: null });
const paths = {
  journal: join(folder, 'journal'),
  config: join(folder, 'gateway.yaml'),
  shift: join(folder, 'shift'),
};
const middle = new Date();
let shiftMs = Date.UTC(middle.getUTCFullYear(), middle.getUTCMonth(), 15, 12) - Date.now();

/** By a rename, so that nobody reads half a number. */
function shift(byMs) {
  shiftMs += byMs;
  writeFileSync(`${paths.shift}.next`, String(Math.round(shiftMs)));
  renameSync(`${paths.shift}.next`, paths.shift);
}

function startGateway() {
  writeFileSync(
    paths.config,
    `issuers: [{ issuer: 'https://bench.example', audience: chat, algorithms: [HS256], secretEnv: BENCH_SECRET }]
limits: { tokenRequestsPerMinute: 6000, failedAuthenticationsPerMinute: 6000 }
`,
  );
  const env = {
    ...{
      PATH: process.env.PATH,
      PORT: '0',
      METRICS_PORT: 'off',
      LOG_LEVEL: 'warn',
      TOKEN_TTL_SECONDS: '300',
    },
    ...{ TWILIO_ACCOUNT_SID: `AC${'1'.repeat(32)}`, TWILIO_API_KEY_SID: `SK${'2'.repeat(32)}` },
    ...{ TWILIO_API_KEY_SECRET: 'signing-secret', TWILIO_CONVERSATIONS_SERVICE_SID: `IS${'3'.repeat(32)}` },
    ...{ IDENTITY_SECRET: 'identity-secret-of-the-benchmark-00001', BENCH_SECRET: SECRET },
    ...{ REDIS_URL: redis.url, JOURNAL_PATH: paths.journal, MAU_CONFIG_FILE: paths.config },
    ...{ NODE_OPTIONS: `--import ${SHIFT_CLOCK}`, CLOCK_SHIFT_FILE: paths.shift },
  };
  return spawn(process.execPath, [PROGRAM, 'serve'], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
}

async function addressOf(child) {
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      said += text;
    });
  }
  for (let waited = 0; waited < 15_000; waited += 50) {
    const found = /listening on (http:\S+)/.exec(said);
    if (found) return found[1];
    await sleep(50);
  }
  throw new Error(`the gateway does not listen:\n${said}`);
}

function sign(subject) {
  const until = Math.floor(Date.now() / 1000) + 40 * 86_400;
  return new SignJWT({ sub: subject })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer('https://bench.example')
    .setAudience('chat')
    .setIssuedAt(until - 80 * 86_400)
    .setExpirationTime(until)
    .sign(Buffer.from(SECRET));
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** @returns {Promise<{ status: number, outcome: string | undefined, ms: number }>} */
function ask(url, login) {
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${login}`, 'content-type': 'application/json' };
    const sent = request(`${url}/v1/tokens`, { method: 'POST', agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece) => {
        text += piece;
      });
      response.on('end', () => {
        const { outcome, token } = JSON.parse(text);
        resolve({ status: response.statusCode, outcome, token, ms: performance.now() - startedAt });
      });
    });
    sent.on('error', reject);
    sent.end('{"intent":"open_chat"}');
  });
}

async function residentMiB(pid) {
  const text = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(text)?.[1] ?? 0) / 1024);
}

function describe(name, answers) {
  const times = answers.map(({ ms }) => ms).sort((a, b) => a - b);
  const at = (share) => times[Math.min(times.length - 1, Math.floor(share * times.length))]?.toFixed(1);
  const byStatus = {};
  for (const { status, outcome = '' } of answers) {
    const kind = `${status} ${outcome}`.trim();
    byStatus[kind] = (byStatus[kind] ?? 0) + 1;
  }
  const counts = Object.entries(byStatus).map(([kind, count]) => `${count} × ${kind}`);
  return `${name}: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, slowest ${at(1)} ms; ${counts.join(', ')}`;
}

shift(0);
const gateway = startGateway();
let failed = false;
try {
  const url = await addressOf(gateway);
  const known = await Promise.all(
    Array.from({ length: peopleCount }, (_, number) => sign(`known-${number}`)),
  );
  const strangers = await Promise.all(Array.from({ length: 500 }, (_, number) => sign(`stranger-${number}`)));
  const tokens = new Set();
  for (const login of known) tokens.add((await ask(url, login)).token);
  for (let round = 0; round < 20; round++) await Promise.all(known.map((login) => ask(url, login)));

  redis.pause();
  shift(HALF_A_LIFE_MS);
  const [served, refused, pending] = [[], [], new Set()];
  const startedAt = performance.now();
  let [asked, shifts, minutes] = [0, 0, 0];
  const note = async (login, answers) => {
    const answer = await ask(url, login);
    answers.push({ status: answer.status, outcome: answer.outcome, ms: answer.ms });
    if (answer.token) tokens.add(answer.token);
  };
  console.log(`resident before: ${await residentMiB(gateway.pid)} MiB`);
  for (let elapsed = 0; elapsed < seconds * 1000; elapsed = performance.now() - startedAt) {
    for (; asked < (elapsed / 1000) * rate; asked++) {
      const isStranger = asked % 10 === 9;
      const from = isStranger ? strangers : known;
      const one = note(from[asked % from.length], isStranger ? refused : served);
      pending.add(one);
      void one.finally(() => pending.delete(one));
    }
    // Not in the first second: a call that was sent into the silence may be counted later.
    for (; shifts < (elapsed - 1_000) / EVERY_MS - 1; shifts++) shift(HALF_A_LIFE_MS);
    if (elapsed > (minutes + 1) * 60_000) {
      minutes += 1;
      console.log(`minute ${minutes}: resident ${await residentMiB(gateway.pid)} MiB`);
    }
    await sleep(5);
  }
  await Promise.all(pending);
  console.log(`resident after: ${await residentMiB(gateway.pid)} MiB`);
  console.log(`journal: ${(statSync(paths.journal).size / 1024).toFixed(0)} KiB`);
  console.log(describe('known people', served));
  console.log(describe('strangers', refused));
  redis.resume();
  const backAt = performance.now();
  while (statSync(paths.journal).size > 20) await sleep(10);
  console.log(`journal empty ${Math.round(performance.now() - backAt)} ms after Redis was back`);
  const prefix = 'mg:{default}:';
  const [totals] = (await redis.admin.keys(`${prefix}*:totals`)).sort();
  const minted = Number(await redis.admin.hget(totals, 'minted'));
  const counted = Number(await redis.admin.hget(totals, 'all'));
  console.log(`tokens given out: ${tokens.size}, mints in the ledger: ${minted}, identities: ${counted}`);
  // More of either are calls that were sent into the silence, and that Redis took when it was back.
  failed = minted < tokens.size || counted < peopleCount || served.some(({ status }) => status !== 200);
} finally {
  gateway.kill('SIGKILL');
  if (gateway.exitCode === null) await once(gateway, 'exit').catch(() => {});
  await redis.stop();
}
console.log(failed ? 'FAIL' : 'PASS');
process.exit(failed ? 1 : 0);
