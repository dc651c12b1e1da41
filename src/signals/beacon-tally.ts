import type { ServiceName } from '../domain/service-name.ts';
import type { BeaconLedger } from '../ledger/beacons.ts';
import type { BeaconTally } from './ports.ts';

const DAY_MS = 86_400_000;
/** The embedded ledger syncs its disk for each call, and nobody looks at these counts within a second. */
const GATHER_MS = 1_000;

/**
 * Counts beacons in the ledger, at most one call a second for each service and day. What a call that fails, or the last
 * second of a process, would have counted is lost: only days without any beacon mean something.
 */
export function createBeaconTally(ledger: BeaconLedger): BeaconTally {
  let waiting = new Map<string, { service: ServiceName; beacons: number; at: number }>();

  function flush(): void {
    const groups = [...waiting.values()];
    waiting = new Map();
    for (const { service, beacons, at } of groups) ledger.countBeacons(service, beacons, at).catch(() => {});
  }

  return (service, at) => {
    // A process that could end is not kept for them.
    if (waiting.size === 0) setTimeout(flush, GATHER_MS).unref();
    const key = `${service} ${Math.floor(at / DAY_MS)}`;
    const group = waiting.get(key);
    if (group === undefined) waiting.set(key, { service, beacons: 1, at });
    else group.beacons += 1;
  };
}
