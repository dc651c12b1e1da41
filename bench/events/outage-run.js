import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { monthOf } from '../../dist/domain/month.js';
import { serviceNameOf, writeGatewayConfig } from '../http/gateway-config.js';
import { startGateway } from '../http/gateway-process.js';
import { openLedger } from '../ledger/open-ledger.js';
import { startLoginIssuer } from '../people/login-issuer.js';
import { percentileOf } from '../statistics.js';
import { endChild, nextMessage, startNode } from '../system/children.js';
import { cpuMicroseconds } from '../system/process-figures.js';
import { say } from '../system/progress.js';
import { startRedis } from '../system/redis-server.js';
import { buildEventMix } from './event-mix.js';
import { countDifferences, modelLedger } from './event-model.js';

const PUBLIC_URL = 'https://chat.example';
const AUTH_TOKEN = 'auth-token-of-a-benchmark-000000';
const PATH = '/v1/webhooks/twilio';
const SERVICE = serviceNameOf(0);
/** An answer takes up to 100 ms, so that at the rate of the benchmark some 400 webhooks are on their way at once. */
const CONNECTIONS = 1_000;
/** As the product has it by default. */
const DEADLINE_MS = 250;
const PATIENCE_MS = 120_000;
const WATCH_EVERY_MS = 100;
/** Node has not compiled everything before, and the first calls send scripts and ask for codes. */
const WARM_UP_SHARE = 0.2;
/** Those that are on their way when Redis goes away wait for the journal. */
const ON_THE_WAY_MS = 500;
const PAGE = 1_000;
const UNREAD_CHECKED = 2_000;

/** One run with Redis away in its middle third. Throws when the ledger afterwards is not that of the model. */
export async function runOutage({ name, outage, durable, sizes, placement, folder, defer }) {
  const { eventRate, eventSeconds, outageSeconds } = sizes;
  const count = Math.round(eventRate * eventSeconds);
  const lengthMs = eventSeconds * 1000;
  const from = withinMonth(Date.now() - lengthMs, lengthMs);
  const label = `${outage}-${durable ? 'durable' : 'memory'}`;
  const journal = join(folder, `journal-${label}`, 'journal');
  const redis = await startRedis({ folder, durable, core: placement.others });
  defer(redis.stop);
  const gateway = await startEventsGateway({ label, redis, placement, folder, journal, defer });
  say(`Redis ${name}: signing ${count} webhooks`);
  const told = { count, from, lengthMs, url: `${PUBLIC_URL}${PATH}`, authToken: AUTH_TOKEN };
  const generator = await startNode(new URL('./load/event-generator.js', import.meta.url), {
    ...{ core: placement.others, args: [JSON.stringify(told)] },
  });
  defer(() => endChild(generator));
  await nextMessage(generator, 'the event generator', PATIENCE_MS);

  const watch = watchJournal(journal);
  defer(async () => watch.stop());
  say(`Redis ${name}: ${eventRate} webhooks a second for ${eventSeconds} s`);
  generator.send({ port: gateway.port, connections: CONNECTIONS, rate: eventRate });
  const finished = nextMessage(generator, 'the event generator', PATIENCE_MS);
  const calmMs = ((eventSeconds - outageSeconds) / 2) * 1000;
  const calm = await measureCalm({ calmMs, redis, gateway });
  await takeAway(redis, outage, outageSeconds);
  const { result, error } = await finished;
  if (error !== undefined) throw new Error(`event generator: ${error}`);
  const drainSeconds = await watch.drained();

  const { accepted, latencies, answeredAtMs } = result;
  const steady = costOf(calm, answeredAtMs);
  const events = buildEventMix(count);
  const isAccepted = (n) => accepted[n] === 1;
  const checked = await checkLedger({ redis, month: monthOf(from), events, isAccepted, defer });
  const taken = accepted.reduce((sum, one) => sum + one, 0);
  const sorted = (part) => percentilesOf(Float64Array.from(part).sort());
  const calmEnds = Math.floor((Math.max(0, calmMs - ON_THE_WAY_MS) / 1000) * eventRate);
  const answers = {
    all: sorted(latencies),
    calm: sorted(latencies.subarray(Math.floor(calmEnds * WARM_UP_SHARE), calmEnds)),
  };
  const journalBytes = watch.most();
  if (journalBytes < 1_000) throw new Error('the journal was never needed');
  const figures = {
    durable,
    sent: count,
    accepted: taken,
    perSecond: taken / secondsOf(answeredAtMs),
    answers,
    steady,
  };
  say(`Redis ${name}: ${taken} of ${count} accepted, ${checked.lost} lost`);
  return { ...figures, journalBytes, drainSeconds, samples: result.samples, ...checked };
}

/** The model knows one month. */
function withinMonth(from, lengthMs) {
  return monthOf(from) === monthOf(from + lengthMs) ? from : from + lengthMs;
}

async function startEventsGateway({ label, redis, placement, folder, journal, defer }) {
  const loginIssuer = await startLoginIssuer();
  defer(loginIssuer.stop);
  const name = `events-${label}`;
  const environment = await writeGatewayConfig({
    ...{ folder, name, services: 1, verifiedTokens: 1_000, redisUrl: redis.url, loginIssuer },
    deadlineMs: DEADLINE_MS,
  });
  const gateway = await startGateway({
    ...{ name, folder, core: placement.server },
    environment: { ...environment, PUBLIC_URL, TWILIO_AUTH_TOKEN: AUTH_TOKEN, JOURNAL_PATH: journal },
  });
  defer(gateway.stop);
  return gateway;
}

/** CPU that was used while all was well, after the first few webhooks. */
async function measureCalm({ calmMs, redis, gateway }) {
  const read = async () => ({
    redis: await redis.cpuMicroseconds(),
    gateway: cpuMicroseconds(gateway.pid),
    atMs: Date.now(),
  });
  const warmMs = calmMs * WARM_UP_SHARE;
  await sleep(warmMs);
  const before = await read();
  await sleep(calmMs - warmMs);
  return { before, after: await read() };
}

/** For each webhook that was answered meanwhile; a machine that others use may fall behind. */
function costOf({ before, after }, answeredAtMs) {
  const events = answeredAtMs.filter((atMs) => atMs >= before.atMs && atMs < after.atMs).length;
  return {
    redisMicroseconds: (after.redis - before.redis) / events,
    gatewayMicroseconds: before.gateway === null ? null : (after.gateway - before.gateway) / events,
  };
}

/** From the first answer to the last. */
function secondsOf(answeredAtMs) {
  const sorted = answeredAtMs.toSorted();
  return (sorted.at(-1) - sorted[0]) / 1000;
}

async function takeAway(redis, outage, outageSeconds) {
  if (outage === 'kill') await redis.crash();
  else redis.pause();
  await sleep(outageSeconds * 1000);
  if (outage === 'kill') await redis.restart();
  else redis.resume();
}

/** The size of the journal from now on: its most, and how long after a call it takes until nothing is in it. */
function watchJournal(path) {
  const size = () => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  const empty = size();
  let most = 0;
  const timer = setInterval(() => {
    most = Math.max(most, size());
  }, WATCH_EVERY_MS);
  return {
    most: () => most,
    stop: () => clearInterval(timer),
    async drained() {
      const startedAt = performance.now();
      while (size() > empty) {
        if (performance.now() - startedAt > PATIENCE_MS) throw new Error('the journal is not emptied');
        await sleep(WATCH_EVERY_MS);
      }
      return (performance.now() - startedAt) / 1000;
    },
  };
}

async function checkLedger({ redis, month, events, isAccepted, defer }) {
  const ledger = await openLedger(redis.url);
  defer(() => ledger.close());
  const model = modelLedger(events, isAccepted);
  const differences = await countDifferences(model, readPeople(ledger, month));
  const { conversations, all } = await ledger.totals(SERVICE, month);
  const { must, may } = model.conversations;
  const isCounted = must.size <= conversations && conversations <= may.size && all === differences.identities;
  let wrongUnread = 0;
  for (const { identity, sid, unread } of model.unread.slice(0, UNREAD_CHECKED)) {
    const found = await ledger.unread(SERVICE, identity);
    const isRight = JSON.stringify(found.conversations) === JSON.stringify([{ sid, unread }]);
    if (!isRight) wrongUnread += 1;
  }
  if (differences.lost + differences.invented + wrongUnread > 0 || !isCounted) {
    const found = { ...differences, wrongUnread, all, conversations, least: must.size, most: may.size };
    throw new Error(`the ledger is not that of the model: ${JSON.stringify(found)}`);
  }
  return { ...differences, conversations };
}

async function* readPeople(ledger, month) {
  let after = null;
  do {
    const page = await ledger.identities(SERVICE, month, { after, limit: PAGE });
    yield* page.items;
    after = page.next;
  } while (after !== null);
}

function percentilesOf(sorted) {
  const [p50, p99, p999] = [50, 99, 99.9].map((percent) => percentileOf(sorted, percent));
  return { p50, p99, p999, worst: sorted.at(-1) };
}
