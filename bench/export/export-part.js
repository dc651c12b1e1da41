import { serviceNameOf, writeGatewayConfig } from '../http/gateway-config.js';
import { startGateway } from '../http/gateway-process.js';
import { fillMonth, gatherPeople } from '../ledger/filled-month.js';
import { openLedger } from '../ledger/open-ledger.js';
import { runRounds } from '../rounds.js';
import { spreadOf } from '../statistics.js';
import { withCleanup } from '../system/cleanup.js';
import { withThisProcessOn } from '../system/pinning.js';
import { cpuMicroseconds } from '../system/process-figures.js';
import { say } from '../system/progress.js';
import { startRedis } from '../system/redis-server.js';
import { watchSlowCalls } from '../system/slow-calls.js';
import { exportByCommand } from './command-export.js';
import { download } from './download.js';
import { watchMemory } from './memory-watch.js';

const SERVICE = serviceNameOf(0);
const SUMMARIES = 20;
/** The first line of CSV names the columns. */
const FORMATS = [
  { name: 'csv', accept: 'text/csv', headLines: 1 },
  { name: 'ndjson', accept: 'application/x-ndjson', headLines: 0 },
];
/** Nobody logs in during this part. */
const NO_LOGINS = {
  issuer: 'http://127.0.0.1:9/',
  audience: 'nobody',
  jwksUrl: 'http://127.0.0.1:9/jwks.json',
};

/**
 * What operators take out of a large month, from the running product: over HTTP, and by its command. Each export is that
 * of a gateway that has just started, whose memory has not grown yet.
 *
 * @param {{ sizes: import('../options.js').Sizes, placement: import('../system/pinning.js').Placement, folder: string }}
 *   options
 */
export function runExportPart({ sizes, placement, folder }) {
  const measure = () =>
    withCleanup(async (defer) => {
      const redis = await startRedis({ folder, durable: false, core: placement.others });
      defer(redis.stop);
      const ledger = await openLedger(redis.url);
      defer(() => ledger.close());
      say(`export: filling a month with ${sizes.identities} people`);
      const people = gatherPeople(sizes.identities);
      const { month } = await fillMonth(ledger, { people, service: SERVICE, lanes: 1 });
      const environment = await writeGatewayConfig({
        ...{ folder, name: 'export', services: 1, verifiedTokens: 1_000 },
        ...{ redisUrl: redis.url, loginIssuer: NO_LOGINS },
      });
      const figures = await runRounds(FORMATS, sizes.rounds, (format) =>
        withCleanup(async (deferHere) => {
          const gateway = await startGateway({ name: 'export', folder, environment, core: placement.server });
          deferHere(() => gateway.stop());
          return measureExport(gateway, redis, { format, month, identities: people.length });
        }),
      );
      const { command } = await runRounds([{ name: 'command' }], sizes.rounds, () =>
        withCleanup(async (deferHere) => {
          const gateway = await startGateway({ name: 'export', folder, environment, core: placement.server });
          deferHere(() => gateway.stop());
          return measureCommand(gateway, {
            month,
            folder,
            core: placement.others,
            identities: people.length,
          });
        }),
      );
      return { identities: people.length, figures, command };
    });
  return withThisProcessOn(placement.others, measure);
}

async function measureExport(gateway, redis, { format, month, identities }) {
  const summaries = [];
  for (let n = 0; n < SUMMARIES; n++) {
    const path = `/v1/months/${month}?service=${SERVICE}`;
    const { seconds, head } = await download(gateway.port, path, 'application/json');
    summaries.push(seconds * 1000);
    const { total } = JSON.parse(head).identities;
    if (total !== identities)
      throw new Error(`the month's summary counts ${total} people, not ${identities}`);
  }
  const slowCalls = await watchSlowCalls(redis.admin);
  const cpuBefore = [cpuMicroseconds(gateway.pid), await redis.cpuMicroseconds()];
  const path = `/v1/months/${month}/identities?service=${SERVICE}`;
  const { result, growthBytes } = await watchMemory(gateway.pid, () =>
    download(gateway.port, path, format.accept),
  );
  const cpuSeconds = secondsSince(cpuBefore[0], cpuMicroseconds(gateway.pid));
  const redisCpuSeconds = secondsSince(cpuBefore[1], await redis.cpuMicroseconds());
  const rows = result.lines - format.headLines;
  if (rows !== identities) throw new Error(`the ${format.name} export has ${rows} rows, not ${identities}`);
  const { seconds, firstByteSeconds, bytes } = result;
  say(`export: ${format.name}: ${rows} rows in ${seconds.toFixed(2)} s`);
  return {
    ...{ seconds, firstByteSeconds, bytes, rows, growthBytes, cpuSeconds, redisCpuSeconds },
    longest: await slowCalls.longest(),
    summaryMs: spreadOf(summaries),
  };
}

async function measureCommand(gateway, { month, folder, core, identities }) {
  const order = { port: gateway.port, month, service: SERVICE, folder, core };
  const cpuBefore = cpuMicroseconds(gateway.pid);
  const { result, growthBytes } = await watchMemory(gateway.pid, () => exportByCommand(order));
  if (result.lines - 1 !== identities)
    throw new Error(`the command wrote ${result.lines - 1} rows, not ${identities}`);
  say(`export: by the command: ${identities} rows in ${result.seconds.toFixed(2)} s`);
  const { seconds, cpuSeconds, bytes } = result;
  const gatewayCpuSeconds = secondsSince(cpuBefore, cpuMicroseconds(gateway.pid));
  return {
    seconds,
    cpuSeconds,
    gatewayCpuSeconds,
    bytes,
    gatewayGrowthBytes: growthBytes,
    commandGrowthBytes: result.growthBytes,
  };
}

/** Null where CPU time cannot be read. */
function secondsSince(before, after) {
  return before === null || after === null ? null : (after - before) / 1e6;
}
