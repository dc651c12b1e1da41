import { setTimeout as sleep } from 'node:timers/promises';
import { residentBytes } from '../../bench/system/process-figures.js';
import { watchHonest } from './floods/honest.js';
import { sendMany } from './floods/many.js';
import { sendOversized } from './floods/oversized.js';
import { holdSlowly } from './floods/slowly.js';

/** What attackers may cost in memory, with all that they hold open and a heap that has not been collected. */
const GROWTH_BYTES_MAX = 160 * 1024 * 1024;
/** The same, of a gateway that was not left alone afterwards. */
const SMOKE_GROWTH_BYTES_MAX = 256 * 1024 * 1024;
/** Left alone for so long, V8 collects its garbage and gives memory back. */
const REST_MS = 8_000;
/** How long somebody honest may wait while a gateway on a busy machine is attacked. */
const PATIENCE_MS = 5_000;

/** Slow, large and many: memory stays bounded, and somebody honest is served all the while. */
export async function attack({ ground, tally, rounds, smoke }) {
  const { pid } = ground.gateways.open;
  const honest = watchHonest(ground);
  const before = residentBytes(pid);
  await sendOversized({ ground, tally });
  await sendMany({ ground, tally, rounds });
  await holdSlowly({ ground, tally, smoke });
  const { served, failed, slowestMs } = await honest.stop();
  tally.check(
    'somebody honest was served all the while',
    served > 0 && failed.length === 0,
    failed[0] ?? served,
  );
  tally.check(`and never waited for ${PATIENCE_MS} ms`, slowestMs < PATIENCE_MS, `${slowestMs} ms`);
  if (!smoke) await sleep(REST_MS);
  const after = residentBytes(pid);
  const growth = before === null || after === null ? 0 : after - before;
  tally.check(
    'memory is bounded',
    growth < (smoke ? SMOKE_GROWTH_BYTES_MAX : GROWTH_BYTES_MAX),
    `${Math.round(growth / 2 ** 20)} MiB`,
  );
  tally.figure('honest requests', `${served} served, the slowest in ${Math.round(slowestMs)} ms`);
  tally.figure('growth of the gateway', `${Math.round(growth / 2 ** 20)} MiB`);
}
