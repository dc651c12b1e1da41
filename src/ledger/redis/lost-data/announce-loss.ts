import { createServiceKeys } from '../keys.ts';
import { createEpoch } from '../names/epoch.ts';
import type { PageSource } from '../pages.ts';
import type { HighWaterMark } from './high-water-marks.ts';
import { readStoreClock } from './store-clock.ts';

/** Ends an epoch in which the store has less than was seen, unless it has ended. Answers the one that holds now. */
export async function announceLoss(
  source: PageSource,
  marks: readonly HighWaterMark[],
  epoch: string,
): Promise<string> {
  const { client, prefix, service } = source;
  const keys = createServiceKeys(prefix, service);
  return client.announce(
    1 + marks.length,
    ...[keys.names, ...marks.map(({ month }) => keys.totals(month))],
    ...[epoch, createEpoch(await readStoreClock(source)), ...marks.map(({ minted }) => minted)],
  );
}
