import { type Month, monthOf, monthStartSeconds } from '../domain/month.ts';
import type { ServiceName } from '../domain/service-name.ts';
import { EVIDENCE_DAYS_MAX } from '../domain/signal.ts';
import type { LedgerSteering } from '../ledger/steering.ts';
import { makeWrite, recallWrite, type WriteTerms, type Written } from './operator-write.ts';
import { type SteeringRefusal, steeringRefusals } from './refusals.ts';

/** Ordering backfills. */
export interface BackfillDesk {
  /**
   * Starts the backfill of a month, or lets it go on where it broke off; one that is under way is left alone. Answered
   * 202 with how far it is. Refused for months that have not begun, that began too long ago, and whose people are in the
   * archive.
   */
  order(service: ServiceName, month: Month, terms: WriteTerms): Promise<Written | SteeringRefusal>;
}

export interface BackfillDeskParts {
  ledger: LedgerSteering;
  /** Starts it or finds it under way; answers how far it is. */
  start(service: ServiceName, month: Month): Promise<object>;
  /** Whether people of the month have left the ledger, so that it cannot say who was there. */
  hasLostPeople(service: ServiceName, month: Month): Promise<boolean>;
  /** How far it is; null when there never was one. */
  read(service: ServiceName, month: Month): Promise<object | null>;
}

const AGE_MS_MAX = EVIDENCE_DAYS_MAX * 86_400_000;

export function createBackfillDesk({ ledger, start, read, hasLostPeople }: BackfillDeskParts): BackfillDesk {
  return {
    async order(service, month, terms) {
      const recalled = await recallWrite(ledger, service, terms);
      if (recalled !== null && 'outcome' in recalled) return recalled;
      if (recalled !== null) {
        // Its order is kept already, but the process may have died before it began.
        return { status: 202, body: (await read(service, month)) ?? (await start(service, month)) };
      }
      const fault = findFault(month, terms.nowMs);
      if (fault !== null) {
        return steeringRefusals.invalid('This month cannot be read.', [{ pointer: 'path', detail: fault }]);
      }
      if (await hasLostPeople(service, month)) {
        return steeringRefusals.archived(month);
      }
      const written = await makeWrite(ledger, service, planOrder(month, terms), terms);
      if ('outcome' in written) return written;
      return { status: 202, body: await start(service, month) };
    },
  };
}

function findFault(month: Month, nowMs: number): string | null {
  if (month > monthOf(nowMs)) return 'Has not begun yet (UTC).';
  const isForgotten = monthStartSeconds(month) * 1000 < nowMs - AGE_MS_MAX;
  return isForgotten
    ? `Began more than ${EVIDENCE_DAYS_MAX} days ago; evidence of its first days is not believed.`
    : null;
}

function planOrder(month: Month, { nowMs, operator }: WriteTerms) {
  const at = new Date(nowMs).toISOString();
  const document = { name: `backfill-order:${at}`, text: JSON.stringify({ by: operator.name }) };
  return {
    change: { kind: 'document' as const, month, document },
    action: 'month.backfill',
    target: month,
    before: null,
    after: null,
    written: { status: 202 as const, body: { month } },
  };
}
