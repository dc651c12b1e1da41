import { randomBytes } from 'node:crypto';
import type { Clock } from '../domain/clock.ts';
import { type Month, monthEndSeconds, monthOf } from '../domain/month.ts';
import type { BudgetScope, InputFault } from '../domain/refusal.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { Limits, Raise } from '../ledger/budget.ts';
import { limitInForce } from '../ledger/budget-rules.ts';
import type { LedgerSteering } from '../ledger/steering.ts';
import { writeLimits } from './limits-write.ts';
import type { WriteTerms, Written } from './operator-write.ts';
import { type RaiseView, viewRaise } from './raise-view.ts';
import { type SteeringRefusal, steeringRefusals } from './refusals.ts';

export interface RaiseInput {
  /** Added to the limit, at least 1. */
  identities: number;
  /** ms since the epoch. */
  expiresAtMs: number;
  /** Which limit is lifted. */
  scope: BudgetScope;
}

/** Temporary raises of the current month. */
export interface RaiseDesk {
  /** Also expired ones, in order of creation. */
  list(service: ServiceName): Promise<RaiseView[]>;
  add(service: ServiceName, input: RaiseInput, terms: WriteTerms): Promise<Written | SteeringRefusal>;
  /** Ends a raise at once; people admitted by it stay counted and are served. */
  end(service: ServiceName, id: string, terms: WriteTerms): Promise<Written | SteeringRefusal>;
}

/** Every admission of a newcomer looks at each of them. */
const RAISES_A_MONTH_MAX = 50;

export function createRaiseDesk({ ledger, clock }: { ledger: LedgerSteering; clock: Clock }): RaiseDesk {
  return {
    async list(service) {
      const nowMs = clock.now();
      const { raises } = await ledger.limits(service, monthOf(nowMs));
      return raises.map((raise) => viewRaise(raise, nowMs));
    },

    add: (service, input, terms) =>
      writeLimits(ledger, service, terms, ({ month, limits }) => {
        const faults = findRaiseFaults(input, month, limits, terms.nowMs);
        if (faults.length > 0) return steeringRefusals.invalid('This raise cannot be.', faults);
        if (limits.raises.length >= RAISES_A_MONTH_MAX) {
          return steeringRefusals.conflict(
            `This month has had ${RAISES_A_MONTH_MAX} raises already; set the budget instead.`,
          );
        }
        const raise = buildRaise(input, month, terms);
        const view = viewRaise(raise, terms.nowMs);
        return {
          change: { kind: 'raise', raise },
          action: 'budget.raise',
          target: raise.id,
          before: null,
          after: { month, scope: raise.scope, identities: raise.identities, expiresAt: view.expiresAt },
          written: { status: 201, body: view },
        };
      }),

    end: (service, id, terms) =>
      writeLimits(ledger, service, terms, ({ month, limits }) => {
        const raise = limits.raises.find((known) => known.id === id);
        if (raise === undefined) return steeringRefusals.notFound('This month has no such raise.');
        const { scope, identities } = raise;
        const view = viewRaise(raise, terms.nowMs);
        return {
          change: { kind: 'end-raise', id },
          action: 'budget.raise-end',
          target: id,
          before: { month, scope, identities, expiresAt: view.expiresAt },
          after: null,
          written: { status: 200, body: { ...view, inForce: false } },
        };
      }),
  };
}

function findRaiseFaults(input: RaiseInput, month: Month, limits: Limits, nowMs: number): InputFault[] {
  const faults: InputFault[] = [];
  if (Math.floor(input.expiresAtMs / 1000) <= Math.floor(nowMs / 1000)) {
    faults.push({ pointer: '/expiresAt', detail: 'Must be in the future.' });
  }
  if (input.expiresAtMs > monthEndSeconds(month) * 1000) {
    const end = new Date(monthEndSeconds(month) * 1000).toISOString();
    const detail = `Is after the end of the month, ${end}; a raise holds within one month.`;
    faults.push({ pointer: '/expiresAt', detail });
  }
  const { budget } = limits;
  if (budget === null || limitInForce(budget, [], input.scope, month, 0) === null) {
    faults.push({ pointer: '/budget', detail: 'Has no limit that could be raised.' });
  }
  return faults;
}

function buildRaise(input: RaiseInput, month: Month, { operator, nowMs, reason }: WriteTerms): Raise {
  return {
    id: `raise_${randomBytes(9).toString('base64url')}`,
    month,
    scope: input.scope,
    identities: input.identities,
    expiresAt: Math.floor(input.expiresAtMs / 1000),
    createdAt: Math.floor(nowMs / 1000),
    reason,
    by: operator.name,
  };
}
