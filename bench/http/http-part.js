import { startLoginIssuer } from '../people/login-issuer.js';
import { signLogins } from '../people/logins.js';
import { resolvePeople } from '../people/resolve-people.js';
import { runRounds } from '../rounds.js';
import { withCleanup } from '../system/cleanup.js';
import { say } from '../system/progress.js';
import { startRedis } from '../system/redis-server.js';
import { startContestants } from './contestants.js';
import { serviceNameOf } from './gateway-config.js';
import { startLoadClient } from './load-client.js';
import { measureRun } from './measure-run.js';
import { openMonths } from './months.js';
import { requireSameAnswer } from './same-answer.js';
import { startScriptServer } from './script-server.js';

const CONNECTIONS = 64;
/** Until then Node has not compiled what it will. */
const WARM_UP_REQUESTS = 20_000;
/** Services beyond those that a quick server could need. */
const SPARE_SERVICES = 40;

/**
 * Tokens over HTTP: the product against the published quickstart, the repaired one, and its own work on bare
 * node:http. Every answer is checked, and at the end the ledger's books are.
 *
 * @param {{ sizes: import('../options.js').Sizes, placement: import('../system/pinning.js').Placement,
 *   folder: string, profileFolder: string | null }} options
 */
export function runHttpPart({ sizes, placement, folder, profileFolder }) {
  return withCleanup(async (defer) => {
    const loginIssuer = await startLoginIssuer();
    defer(loginIssuer.stop);
    say(`signing ${sizes.people} logins`);
    const logins = await signLogins(loginIssuer, sizes.people);
    const redis = await startRedis({ folder, durable: true, core: placement.others });
    defer(redis.stop);
    const services = countServices(sizes);
    const months = await openMonths({
      redis,
      people: resolvePeople(loginIssuer.issuer, sizes.people),
      services,
      fillersPerService: Math.ceil(sizes.fillerPeople / services),
    });
    defer(months.close);
    const client = await startLoadClient({ folder, core: placement.others, logins });
    defer(client.stop);
    const bench = { client, redis };

    say('starting the servers');
    const contestants = await startContestants({
      ...{ folder, placement, profileFolder, services, months, loginIssuer, defer },
      ...{ people: sizes.people, redisUrl: redis.url, anyService: serviceNameOf(0) },
    });
    const find = (name) => contestants.find((contestant) => contestant.name === name);
    await requireAlike(find('mau-guard warm'), find('bare warm'), months, logins);

    const loadCeiling = await measureCeiling(placement, folder, bench);
    const warmUp = Math.min(WARM_UP_REQUESTS, 2 * sizes.people);
    for (const contestant of contestants) {
      say(`warming up ${contestant.name}`);
      await runClosed(contestant, { requestsMax: warmUp, seconds: 60 }, bench);
    }

    const throughput = await runRounds(contestants, sizes.rounds, async (contestant, round) => {
      const { figures } = await runClosed(contestant, sizes, bench);
      say(`round ${round + 1}: ${contestant.name} ${Math.round(figures.perSecond)}/s`);
      return figures;
    });
    const latency = await runRounds(contestants, sizes.rounds, async (contestant, round) => {
      const figures = await runOpen(contestant, sizes, bench);
      say(
        `round ${round + 1}: ${contestant.name} p99 ${figures.p99.toFixed(2)} ms at ${sizes.latencyRate}/s`,
      );
      return figures;
    });
    const others = await measureOthers(find('mau-guard warm'), months, sizes, bench);
    await months.checkBooks();
    return {
      connections: CONNECTIONS,
      latencyRate: sizes.latencyRate,
      loadCeiling,
      throughput,
      latency,
      others,
    };
  });
}

/** Enough for every run of the four servers that count people. */
function countServices({ rounds, requestsMax, people, latencyRate, latencySeconds }) {
  const closed = Math.ceil(requestsMax / people) + 1;
  const open = Math.ceil((latencyRate * latencySeconds) / people) + 1;
  return 4 * rounds * (closed + open) + SPARE_SERVICES + 3 * rounds;
}

async function requireAlike(gateway, bare, months, logins) {
  const mints = months.openSource({ known: false });
  const { services } = await mints.prepare(2);
  await requireSameAnswer(gateway, bare, { service: services[0], logins });
  mints.spend(2);
}

async function measureCeiling(placement, folder, bench) {
  const server = await startScriptServer({
    name: 'trivial',
    script: 'trivial.js',
    folder,
    core: placement.server,
  });
  try {
    const contestant = { name: 'a server that does nothing', server, shape: 'quickstart', mints: null };
    const expected = { status: 200, mark: '"outcome":"minted"' };
    const ready = { ...contestant, expected, getReady: async () => {} };
    const { figures } = await runClosed(ready, { requestsMax: 100_000, seconds: 1 }, bench);
    return figures;
  } finally {
    await server.stop();
  }
}

/** Asks as fast as the server answers. */
async function runClosed(contestant, { requestsMax, seconds }, bench) {
  const plan = await planRun(contestant, requestsMax);
  await contestant.getReady(bench.client, seconds * 1000);
  const job = {
    mode: 'closed',
    connections: CONNECTIONS,
    seconds,
    requestsMax,
    plan,
    expected: contestant.expected,
  };
  return measureRun(contestant, job, bench);
}

/** Asks at a fixed rate. */
async function runOpen(contestant, { latencyRate: rate, latencySeconds }, bench) {
  const count = Math.round(rate * latencySeconds);
  const plan = await planRun(contestant, count);
  await contestant.getReady(bench.client, latencySeconds * 1000);
  const job = { mode: 'open', connections: CONNECTIONS, rate, count, plan, expected: contestant.expected };
  const { result } = await measureRun(contestant, job, bench);
  const { p50, p99, p999, worst } = result;
  return { p50, p99, p999, worst };
}

async function planRun({ shape, mints }, count) {
  const { services, first } = mints === null ? { services: [], first: 0 } : await mints.prepare(count);
  return { shape, intent: 'open_chat', services, first };
}

/** The other two outcomes of the product: people new to the month, and the same token handed out again. */
async function measureOthers(gateway, months, { rounds, people }, bench) {
  const everybody = { requestsMax: people, seconds: 60 };
  const newcomers = [];
  const reused = [];
  for (let round = 0; round < rounds; round++) {
    const strangers = months.openSource({ known: false });
    const expected = { status: 200, mark: '"firstThisMonth":true' };
    newcomers.push((await runClosed({ ...gateway, mints: strangers, expected }, everybody, bench)).figures);

    const residents = months.openSource({ known: true });
    await runClosed({ ...gateway, mints: residents }, everybody, bench);
    const again = { ...gateway, expected: { status: 200, mark: '"outcome":"reused"' } };
    again.mints = { prepare: async () => ({ ...(await residents.prepare(0)), first: 0 }), spend: () => {} };
    reused.push((await runClosed(again, everybody, bench)).figures);
    say(
      `round ${round + 1}: new ${Math.round(newcomers.at(-1).perSecond)}/s, reused ${Math.round(reused.at(-1).perSecond)}/s`,
    );
  }
  return { newcomers, reused };
}
