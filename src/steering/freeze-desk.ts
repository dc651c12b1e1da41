import type { Clock } from '../domain/clock.ts';
import { type Month, monthOf } from '../domain/month.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { LedgerSteering } from '../ledger/steering.ts';
import { stateOf, writeLimits } from './limits-write.ts';
import type { WriteTerms, Written } from './operator-write.ts';
import type { SteeringRefusal } from './refusals.ts';

/** Whether newcomers are admitted, as the operator API gives it. */
export interface FreezeView {
  service: ServiceName;
  month: Month;
  frozen: boolean;
  /** ISO-8601, or null. */
  since: string | null;
}

/** Stopping and allowing newcomers, from the current month on. */
export interface FreezeDesk {
  read(service: ServiceName): Promise<{ view: FreezeView; state: string }>;
  /** Admits nobody new from now on; a freeze that is there already keeps its beginning. Known people are served. */
  freeze(service: ServiceName, terms: WriteTerms): Promise<Written | SteeringRefusal>;
  lift(service: ServiceName, terms: WriteTerms): Promise<Written | SteeringRefusal>;
}

export function createFreezeDesk({ ledger, clock }: { ledger: LedgerSteering; clock: Clock }): FreezeDesk {
  return {
    async read(service) {
      const month = monthOf(clock.now());
      const limits = await ledger.limits(service, month);
      return { view: viewFreeze(service, month, limits.frozenSince), state: stateOf(month, limits) };
    },

    freeze: (service, terms) =>
      writeLimits(ledger, service, terms, ({ month, limits }) => {
        const since = limits.frozenSince ?? new Date(terms.nowMs).toISOString();
        return {
          change: { kind: 'freeze', month, since },
          action: 'freeze.set',
          target: `newcomers from ${month}`,
          before: { since: limits.frozenSince },
          after: { since },
          written: { status: 200, body: viewFreeze(service, month, since) },
        };
      }),

    lift: (service, terms) =>
      writeLimits(ledger, service, terms, ({ month, limits }) => ({
        change: { kind: 'freeze', month, since: null },
        action: 'freeze.lift',
        target: `newcomers from ${month}`,
        before: { since: limits.frozenSince },
        after: { since: null },
        written: { status: 200, body: viewFreeze(service, month, null) },
      })),
  };
}

function viewFreeze(service: ServiceName, month: Month, since: string | null): FreezeView {
  return { service, month, frozen: since !== null, since };
}
