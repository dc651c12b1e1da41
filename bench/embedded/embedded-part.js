import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { serviceNameOf } from '../http/gateway-config.js';
import { fillMonth, gatherPeople } from '../ledger/filled-month.js';
import { MIXES, runMix } from '../ledger/mint-mix.js';
import { openSqliteLedger } from '../product.js';
import { runRounds } from '../rounds.js';
import { withCleanup } from '../system/cleanup.js';
import { withThisProcessOn } from '../system/pinning.js';
import { say } from '../system/progress.js';

const IN_FLIGHT = 64;

/**
 * The embedded ledger by itself, in a file: durable mints a second. It works inside the gateway's process, so its CPU
 * is the gateway's.
 *
 * @param {{ sizes: import('../options.js').Sizes, placement: import('../system/pinning.js').Placement, folder: string }}
 *   options
 */
export function runEmbeddedPart({ sizes, placement, folder }) {
  const measure = () =>
    withCleanup(async (defer) => {
      const path = join(folder, 'ledger.db');
      const ledger = openSqliteLedger({ path });
      defer(() => rm(path, { force: true }));
      defer(() => ledger.close());
      say(`embedded: filling a month with ${sizes.embeddedPeople} people`);
      const people = gatherPeople(sizes.embeddedPeople);
      const { population, seconds } = await fillMonth(ledger, {
        people,
        service: serviceNameOf(0),
        lanes: 1,
      });
      const competitors = [MIXES.ordinary(IN_FLIGHT), MIXES.repeat(IN_FLIGHT)];
      const mixes = await runRounds(competitors, sizes.rounds, async (mix, round) => {
        const figures = await measureMix(ledger, population, mix, sizes.mixMints / 4);
        say(`round ${round + 1}: embedded: ${mix.name}: ${Math.round(figures.perSecond)} mints/s`);
        return figures;
      });
      return { identities: people.length, inFlight: IN_FLIGHT, filling: { seconds }, mixes };
    });
  return withThisProcessOn(placement.server, measure);
}

async function measureMix(ledger, population, mix, wanted) {
  const before = process.cpuUsage();
  const { mints, seconds } = await runMix([ledger], population, mix, wanted);
  const { user, system } = process.cpuUsage(before);
  return { mints, perSecond: mints / seconds, cpuMicroseconds: (user + system) / mints };
}
