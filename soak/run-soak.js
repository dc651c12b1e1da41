import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startLoginIssuer } from '../bench/people/login-issuer.js';
import { percentileOf } from '../bench/statistics.js';
import { withCleanup } from '../bench/system/cleanup.js';
import { startRedis } from '../bench/system/redis-server.js';
import { createPeople } from '../chaos/people.js';
import { createRandom } from '../chaos/random.js';
import { writeGatewayConfigs } from '../chaos/run/gateway-config.js';
import { createWorld } from '../chaos/run/world.js';
import { startWatchers } from './sse-watchers.js';
import { startGateway } from './start-gateway.js';
import { LIMIT, sendOne } from './traffic.js';

const MINUTE_MS = 60_000;
const TICK_MS = 10;
const UNDER_WAY_MAX = 400;
const BORN_BEFORE_MS = 86_400_000;

/**
 * Memories that are small enough to be full soon, and so that most logins are verified anew. A machine that stalls for a
 * moment should give a slow answer here, not a 503.
 */
const OVERRIDES = {
  ledger: { deadlineMs: 10_000 },
  token: { ttlSeconds: 300 },
  limits: { tokenRequestsPerMinute: 6_000, failedAuthenticationsPerMinute: 6_000, verifiedTokens: 1_000 },
};

/**
 * @typedef {import('./start-gateway.js').State & { minute: number, requests: number, p50: number, p99: number,
 *   worst: number, dropped: number, seconds: number }} Sample latencies in ms
 */

/**
 * @typedef {object} Soak
 * @property {import('./options.js').Options} options
 * @property {Sample[]} samples one a minute
 * @property {Record<string, Record<string, number>>} answers
 * @property {{ opened: number, bytes: number, refused: number }} streams
 */

/**
 * @param {import('./options.js').Options & { folder: string, say: (words: string) => void }} options
 * @returns {Promise<Soak>}
 */
export function runSoak(options) {
  return withCleanup(async (defer) => {
    const { seed, minutes, rate, say } = options;
    const gateway = await setUp(options, defer);
    const watchers = startWatchers(gateway.place.port);
    defer(async () => watchers.stop());
    const { world } = gateway;
    const samples = [];
    const random = createRandom(seed);
    for (let minute = 1; minute <= minutes; minute++) {
      const { latencies, dropped, seconds } = await playMinute(world, random, rate);
      const state = await gateway.state();
      const sorted = Float64Array.from(latencies).sort();
      const [p50, p99] = [50, 99].map((percent) => percentileOf(sorted, percent));
      const sample = {
        minute,
        ...state,
        requests: sorted.length,
        p50,
        p99,
        worst: sorted.at(-1),
        dropped,
        seconds,
      };
      samples.push(sample);
      say(
        `minute ${minute} of ${minutes}: heap ${(state.heapUsed / 2 ** 20).toFixed(1)} MiB, p99 ${p99.toFixed(1)} ms`,
      );
      forget(world.history);
    }
    return { options, samples, answers: world.history.answers, streams: watchers.figures };
  });
}

async function setUp({ folder, productFolder }, defer) {
  const redis = await startRedis({ folder, durable: true, core: null });
  defer(redis.stop);
  const issuer = await startLoginIssuer();
  defer(issuer.stop);
  const [environment] = await writeGatewayConfigs({
    ...{ folder, gateways: 1, limit: LIMIT, rsaIssuer: issuer },
    ...{ store: { REDIS_URL: redis.url }, overrides: OVERRIDES },
  });
  mkdirSync(dirname(environment.JOURNAL_PATH));
  const gateway = await startGateway({ folder, environment, productFolder });
  defer(gateway.stop);
  const people = createPeople(issuer, Date.now() - BORN_BEFORE_MS);
  const clock = { now: Date.now, offsetMs: () => 0, jump: () => {} };
  return { ...gateway, world: createWorld({ clock, gateways: [gateway.place], people }) };
}

/** Requests at their times, whether the ones before were answered or not. */
async function playMinute(world, random, rate) {
  const latencies = [];
  const underWay = new Set();
  const startedAt = performance.now();
  let sent = 0;
  let dropped = 0;
  while (performance.now() - startedAt < MINUTE_MS) {
    const due = Math.floor(((performance.now() - startedAt) / 1000) * rate);
    for (; sent < due; sent++) {
      if (underWay.size >= UNDER_WAY_MAX) {
        dropped += 1;
        continue;
      }
      const askedAt = performance.now();
      const tracked = sendOne(world, random).then(() => {
        underWay.delete(tracked);
        latencies.push(performance.now() - askedAt);
      });
      underWay.add(tracked);
    }
    await sleep(TICK_MS);
  }
  const seconds = (performance.now() - startedAt) / 1000;
  await Promise.all(underWay);
  return { latencies, dropped, seconds };
}

/** What chaos would judge by; here it would only fill the memory of this process. */
function forget({ tokens, turned, evidence }) {
  for (const list of [tokens, turned, evidence]) list.length = 0;
}
