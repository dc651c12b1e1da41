import { withCleanup } from '../system/cleanup.js';
import { withThisProcessOn } from '../system/pinning.js';
import { runOutage } from './outage-run.js';
import { measureRandomMonth } from './random-month.js';

/**
 * What becomes of Redis in the middle of a run, and whether every write of it is on its disk before it answers: one that
 * only stands still has lost nothing either way.
 */
const OUTAGES = {
  'stopped, appendonly no': { outage: 'stop', durable: false },
  'stopped, appendfsync always': { outage: 'stop', durable: true },
  'killed, appendfsync always': { outage: 'kill', durable: true },
};

/**
 * Signed webhooks over HTTP while Redis is away for a time, held against an independent model; and what it takes to
 * count a month of random signals.
 *
 * @param {{ sizes: import('../options.js').Sizes, placement: import('../system/pinning.js').Placement, folder: string }}
 *   options
 */
export async function runEventsPart({ sizes, placement, folder }) {
  const runs = {};
  for (const [name, kind] of Object.entries(OUTAGES)) {
    runs[name] = await withCleanup((defer) => runOutage({ name, ...kind, sizes, placement, folder, defer }));
  }
  const month = await withThisProcessOn(placement.server, () =>
    withCleanup((defer) => measureRandomMonth({ sizes, placement, folder, defer })),
  );
  const { eventRate: rate, eventSeconds: seconds, outageSeconds } = sizes;
  return { rate, seconds, outageSeconds, runs, month };
}
