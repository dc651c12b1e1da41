import { type Month, monthEndSeconds, previousMonth } from '../../../domain/month.ts';
import type { ServiceName } from '../../../domain/service-name.ts';
import type { TokenLife } from '../../../domain/token-life.ts';
import { createServiceKeys, type ServiceKeys } from '../keys.ts';
import { packAdmitHeader } from '../records/packing.ts';

/** Everything of an `admit-n.lua` call that does not depend on who is admitted. */
export interface AdmitKeys {
  service: ServiceKeys;
  fixedKeys: string[];
  /** What the packed argument begins with. */
  header: Buffer;
  /** The months whose buckets each mint names, in the script's order. */
  bucketMonths: Month[];
}

/** The keys for all mints of a service that are issued on the same day and touch the same months. */
export function createAdmitKeys(prefix: string, serviceName: ServiceName, life: TokenLife): AdmitKeys {
  const service = createServiceKeys(prefix, serviceName);
  const { month, otherMonth } = life;
  return {
    service,
    fixedKeys: [
      service.names,
      service.limits,
      service.links,
      service.blocks,
      service.months,
      service.alerts,
      service.totals(month),
      service.index(month),
      service.day(month, dayOf(life.issuedAt)),
      service.mints(month),
      ...(otherMonth === null
        ? []
        : [
            service.totals(otherMonth),
            service.index(otherMonth),
            service.day(otherMonth, edgeDayOf(otherMonth, month)),
          ]),
    ],
    header: packAdmitHeader(life),
    bucketMonths: [
      month,
      previousMonth(month),
      ...(otherMonth === null ? [] : [otherMonth, previousMonth(otherMonth)]),
    ],
  };
}

/** The day at which a neighbouring month counts a token of `month`: its first or its last. */
function edgeDayOf(neighbour: Month, month: Month): string {
  return neighbour > month ? '01' : dayOf(monthEndSeconds(neighbour) - 1);
}

/** Day of the month of an instant in seconds, `01` to `31`. */
export function dayOf(instantSeconds: number): string {
  return new Date(instantSeconds * 1000).toISOString().slice(8, 10);
}
