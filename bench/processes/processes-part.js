import { writeGatewayConfig } from '../http/gateway-config.js';
import { startGateway } from '../http/gateway-process.js';
import { startLoadClient } from '../http/load-client.js';
import { measureRun } from '../http/measure-run.js';
import { openMonths } from '../http/months.js';
import { startLoginIssuer } from '../people/login-issuer.js';
import { signLogins } from '../people/logins.js';
import { resolvePeople } from '../people/resolve-people.js';
import { runRounds } from '../rounds.js';
import { withCleanup } from '../system/cleanup.js';
import { availableCores } from '../system/pinning.js';
import { say } from '../system/progress.js';
import { startRedis } from '../system/redis-server.js';

const CONNECTIONS = 64;
const WARM_UP_REQUESTS = 10_000;
const SPARE_SERVICES = 20;

/**
 * One gateway process against several behind the same port, with every login verified anew. Nothing is pinned: the
 * processes, Redis and the load generator share what cores there are, so besides requests a second it matters what a
 * request costs, summed over all processes of a gateway.
 *
 * @param {{ sizes: import('../options.js').Sizes, folder: string }} options
 */
export function runProcessesPart({ sizes, folder }) {
  return withCleanup(async (defer) => {
    const loginIssuer = await startLoginIssuer();
    defer(loginIssuer.stop);
    const logins = await signLogins(loginIssuer, sizes.people);
    const redis = await startRedis({ folder, durable: true, core: null });
    defer(redis.stop);
    const counts = [1, 2, ...(availableCores >= 4 ? [4] : [])];
    const services = counts.length * (sizes.rounds + 1) * Math.ceil(sizes.requestsMax / sizes.people + 1);
    const months = await openMonths({
      ...{ redis, people: resolvePeople(loginIssuer.issuer, sizes.people) },
      ...{ services: services + SPARE_SERVICES, fillersPerService: 0 },
    });
    defer(months.close);
    const client = await startLoadClient({ folder, core: null, logins });
    defer(client.stop);

    const gateways = [];
    for (const processes of counts) {
      say(`starting a gateway of ${processes}`);
      const environment = await writeGatewayConfig({
        ...{ folder, name: `processes-${processes}`, services: services + SPARE_SERVICES, loginIssuer },
        // So few that nobody's is remembered when they come again.
        ...{ verifiedTokens: Math.floor(sizes.people / 10), redisUrl: redis.url },
      });
      const server = await startGateway({
        ...{ name: `gateway-${processes}`, folder, environment, core: null },
        args: processes === 1 ? [] : ['--processes', String(processes)],
      });
      defer(server.stop);
      gateways.push({
        name: String(processes),
        processes,
        server,
        mints: months.openSource({ known: true }),
      });
    }

    const bench = { client, redis };
    for (const gateway of gateways)
      await runOnce(gateway, { requestsMax: WARM_UP_REQUESTS, seconds: 60 }, bench);
    const figures = await runRounds(gateways, sizes.rounds, async (gateway, round) => {
      const { figures } = await runOnce(gateway, sizes, bench);
      say(`round ${round + 1}: ${gateway.processes} processes ${Math.round(figures.perSecond)}/s`);
      return figures;
    });
    await months.checkBooks();
    return { cores: availableCores, connections: CONNECTIONS, figures };
  });
}

async function runOnce(gateway, { requestsMax, seconds }, bench) {
  const { services, first } = await gateway.mints.prepare(requestsMax);
  return measureRun(
    gateway,
    {
      ...{ mode: 'closed', connections: CONNECTIONS, seconds, requestsMax },
      plan: { shape: 'gateway', intent: 'open_chat', services, first },
      expected: { status: 200, mark: '"outcome":"minted"' },
    },
    bench,
  );
}
