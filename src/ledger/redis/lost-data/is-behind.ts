import type { HighWaterMark } from './high-water-marks.ts';
import { COUNT_KINDS, type CountKind, type Pulse } from './read-pulse.ts';
import type { Watched } from './watched.ts';

/** Whether a store has less than was seen. While it is being told what it lost, the store is known to lack people and changes. */
export function isBehind(
  pulse: Pulse,
  { restoring }: Watched,
  seen: readonly HighWaterMark[],
  copied: Pick<Pulse, 'limits' | 'bonds'>,
): boolean {
  const lacks = (kind: CountKind) => seen.some((mark, at) => pulse.counts[at]![kind] < mark[kind]);
  if (lacks('minted')) return true;
  return (
    restoring === null &&
    (COUNT_KINDS.some(lacks) || pulse.limits < copied.limits || pulse.bonds < copied.bonds)
  );
}
