import type { ServiceName } from '../domain/service-name.ts';

export interface BeaconLedger {
  /**
   * Counts beacons that evidence was written for, so that it shows when they stop. Decides nothing: nobody waits for it,
   * and a count that is lost is not told again. Not idempotent. `at` in ms since the epoch, of all of them the day.
   *
   * @param beacons at least 1
   */
  countBeacons(service: ServiceName, beacons: number, at: number): Promise<void>;
}
