import type { Clock } from '../domain/clock.ts';
import { monthOf } from '../domain/month.ts';
import type { ServiceName } from '../domain/service-name.ts';
import { type BudgetInput, type ClassRanks, parseBudgetInput } from '../ledger/budget-input.ts';
import type { LedgerReader } from '../ledger/ledger.ts';
import type { LedgerSteering } from '../ledger/steering.ts';
import { auditBudget, type BudgetView, buildBudgetView } from './budget-view.ts';
import { stateOf, writeLimits } from './limits-write.ts';
import type { WriteTerms, Written } from './operator-write.ts';
import { type SteeringRefusal, steeringRefusals } from './refusals.ts';

export interface BudgetDeskParts {
  ledger: LedgerSteering & Pick<LedgerReader, 'totals'>;
  clock: Clock;
  classes: ClassRanks;
}

/** Reading and setting the budget of the current month and those after it. */
export interface BudgetDesk {
  /** `state` names the limits as they are, for a later write that rests on them. */
  read(service: ServiceName): Promise<{ view: BudgetView; state: string }>;
  /**
   * Puts another budget in the place of the present one, from the very next admission on. People already counted are
   * served also above a lowered limit. Raises stay in force on top.
   */
  set(service: ServiceName, input: BudgetInput, terms: WriteTerms): Promise<Written | SteeringRefusal>;
}

export function createBudgetDesk({ ledger, clock, classes }: BudgetDeskParts): BudgetDesk {
  return {
    async read(service) {
      const nowMs = clock.now();
      const month = monthOf(nowMs);
      const [limits, totals] = await Promise.all([
        ledger.limits(service, month),
        ledger.totals(service, month),
      ]);
      return {
        view: buildBudgetView(service, month, limits, totals, nowMs),
        state: stateOf(month, limits),
      };
    },

    async set(service, input, terms) {
      const budget = parseBudgetInput(input, classes);
      if (Array.isArray(budget)) return steeringRefusals.invalid('The budget contradicts itself.', budget);
      return writeLimits(ledger, service, terms, async ({ month, limits }) => {
        const totals = await ledger.totals(service, month);
        const next = { ...limits, budget, source: 'operator' as const };
        return {
          change: { kind: 'budget', month, budget },
          action: 'budget.set',
          target: `budget from ${month}`,
          before: auditBudget(limits.budget),
          after: auditBudget(budget),
          written: { status: 200, body: buildBudgetView(service, month, next, totals, terms.nowMs) },
        };
      });
    },
  };
}
