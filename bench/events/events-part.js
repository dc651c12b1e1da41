import { withCleanup } from '../system/cleanup.js';
import { withThisProcessOn } from '../system/pinning.js';
import { runOutage } from './outage-run.js';
import { measureRandomMonth } from './random-month.js';

/** What becomes of Redis in the middle of a run. */
const OUTAGES = { 'stopped (SIGSTOP)': 'stop', 'killed and started again': 'kill' };

/**
 * Signed webhooks over HTTP while Redis is away for a time, held against an independent model; and what it takes to
 * count a month of random signals.
 *
 * @param {{ sizes: import('../options.js').Sizes, placement: import('../system/pinning.js').Placement, folder: string }}
 *   options
 */
export async function runEventsPart({ sizes, placement, folder }) {
  const runs = {};
  for (const [name, outage] of Object.entries(OUTAGES)) {
    runs[name] = await withCleanup((defer) => runOutage({ name, outage, sizes, placement, folder, defer }));
  }
  const month = await withThisProcessOn(placement.server, () =>
    withCleanup((defer) => measureRandomMonth({ sizes, placement, folder, defer })),
  );
  const { eventRate: rate, eventSeconds: seconds, outageSeconds } = sizes;
  return { rate, seconds, outageSeconds, runs, month };
}
