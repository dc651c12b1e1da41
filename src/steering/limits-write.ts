import { type Month, monthOf } from '../domain/month.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { Limits } from '../ledger/budget.ts';
import type { LedgerSteering } from '../ledger/steering.ts';
import { makeWriteOn, recallWrite, type WritePlan, type WriteTerms, type Written } from './operator-write.ts';
import { type SteeringRefusal, steeringRefusals } from './refusals.ts';

/** What a write to the limits is worked out from. */
export interface LimitsNow {
  month: Month;
  limits: Limits;
}

/** Writers who meet again and again are told so instead of going round for ever. */
const ATTEMPTS_MAX = 8;

/**
 * A write to the limits of the current month. It always rests on the limits that it was worked out from, so that
 * `before` in the audit log is the truth; without `If-Match` it is worked out anew when somebody was faster.
 */
export async function writeLimits(
  ledger: LedgerSteering,
  service: ServiceName,
  terms: WriteTerms,
  plan: (now: LimitsNow) => WritePlan | SteeringRefusal | Promise<WritePlan | SteeringRefusal>,
): Promise<Written | SteeringRefusal> {
  const recalled = await recallWrite(ledger, service, terms);
  if (recalled !== null) return recalled;
  const month = monthOf(terms.nowMs);
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const limits = await ledger.limits(service, month);
    if (terms.ifMatch !== null && !terms.ifMatch.includes(stateOf(month, limits))) {
      return steeringRefusals.stale();
    }
    const planned = await plan({ month, limits });
    if ('outcome' in planned) return planned;
    const result = await makeWriteOn(limits.version, ledger, service, planned, terms);
    if (result !== 'stale') return result;
    if (terms.ifMatch !== null) return steeringRefusals.stale();
  }
  return steeringRefusals.conflict('Others keep changing the limits at this very moment.');
}

/** Names the limits of a month as they are; the month is in it because a new one begins without raises. */
export function stateOf(month: Month, { version }: Limits): string {
  return `${month}.${version}`;
}
