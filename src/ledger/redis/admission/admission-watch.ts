import type { Month } from '../../../domain/month.ts';
import type { ServiceName } from '../../../domain/service-name.ts';
import type { HighWaterMark } from '../lost-data/high-water-marks.ts';

/** Keeps a store that lost data from admitting those it has forgotten as if they were new. */
export interface AdmissionWatch {
  /** True while newcomers have to wait until the store has been told again who was there. */
  newcomersWait(service: ServiceName): boolean;
  /** What this process has read of a month; whoever reads more raises it in place. */
  mark(service: ServiceName, month: Month): HighWaterMark;
  /** The store has less than was seen under this epoch: makes that known to every gateway, by another epoch. */
  announce(service: ServiceName, epoch: string): Promise<unknown>;
}
