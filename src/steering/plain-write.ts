import type { ServiceName } from '../domain/service-name.ts';
import type { LedgerSteering } from '../ledger/steering.ts';
import { makeWrite, recallWrite, type WritePlan, type WriteTerms, type Written } from './operator-write.ts';
import type { SteeringRefusal } from './refusals.ts';

/** A write that does not rest on the limits: it is the same whatever they are. */
export async function writePlain(
  ledger: LedgerSteering,
  service: ServiceName,
  terms: WriteTerms,
  plan: () => Promise<WritePlan | SteeringRefusal>,
): Promise<Written | SteeringRefusal> {
  const recalled = await recallWrite(ledger, service, terms);
  if (recalled !== null) return recalled;
  const planned = await plan();
  if ('outcome' in planned) return planned;
  return makeWrite(ledger, service, planned, terms);
}
