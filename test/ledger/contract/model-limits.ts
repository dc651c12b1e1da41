import { type Month, monthStartSeconds } from '../../../src/domain/month.ts';
import type { BudgetName, BudgetScope } from '../../../src/domain/refusal.ts';
import type { Alert } from '../../../src/ledger/alert-book.ts';
import type { Budget, Raise } from '../../../src/ledger/budget.ts';
import type { ModelPerson, ModelVerdict } from './model-ledger.ts';

type Applicant = Pick<ModelPerson, 'className' | 'tenant'>;

/** Budgets, raises and alerts of one service, recounted at every question. */
export class ModelLimits {
  readonly configured = new Map<Month, Budget | null>();
  readonly steered = new Map<Month, Budget | null>();
  readonly freezes = new Map<Month, string | null>();
  raises: Raise[] = [];
  readonly alerts: Omit<Alert, 'id'>[] = [];
  readonly #held = new Map<string, number>();
  readonly #spikes = new Map<Month, number>();

  budget(month: Month): Budget | null {
    return holding(this.steered, month) ?? holding(this.configured, month);
  }

  frozenSince(month: Month): string | null {
    return holding(this.freezes, month);
  }

  raisesOf(month: Month): Raise[] {
    return this.raises.filter((raise) => raise.month === month);
  }

  judge(month: Month, everyone: ModelPerson[], applicant: Applicant, at: number): ModelVerdict {
    const budget = this.budget(month);
    let warned = false;
    if (budget === null || budget.mode === 'off') return { refusal: null, warned };
    const refuse = (name: BudgetName, limit: number, used: number, reserved: number): ModelVerdict => {
      const numbers = { budget: name, limit, used, ...(reserved > 0 ? { reserved } : {}), month };
      return { refusal: { outcome: 'refused', code: 'mau-budget-exhausted', ...numbers }, warned: false };
    };
    for (const scope of scopesOf(applicant)) {
      const limit = this.#limit(month, scope, at);
      const used = everyone.filter((person) => isIn(scope, person)).length;
      const reserved = scope === 'all' ? placesKept(budget, everyone, applicant.className) : 0;
      if (limit === null || used + reserved < limit) continue;
      if (budget.mode === 'block') {
        this.#rise(month, scope, everyone, at);
        return refuse(scope, limit, used, reserved);
      }
      warned = true;
    }
    const hour = Math.floor((at - monthStartSeconds(month)) / 3600);
    if (budget.spikeGuard === null || hour < 24) return { refusal: null, warned };
    const { factor, minimum, mode } = budget.spikeGuard;
    const isNow = ({ className, firstSeen }: ModelPerson) =>
      className in budget.priorities && Math.floor(firstSeen / 3600) === Math.floor(at / 3600);
    const used = everyone.filter(isNow).length;
    const limit = Math.max(minimum, Math.ceil(factor * ((everyone.length - used) / hour)));
    if (used < limit) return { refusal: null, warned };
    if (hour > (this.#spikes.get(month) ?? -1)) {
      this.#spikes.set(month, hour);
      this.#alert({ at, month, budget: 'new-per-hour', threshold: 100, state: 'firing', limit, used });
    }
    return mode === 'block' ? refuse('new-per-hour', limit, used, 0) : { refusal: null, warned: true };
  }

  /** `everyone` has the newcomer already. */
  noteArrival(month: Month, everyone: ModelPerson[], newcomer: Applicant, at: number): void {
    for (const scope of scopesOf(newcomer)) this.#rise(month, scope, everyone, at);
  }

  /** After a change of limits at an instant of the month. */
  weigh(month: Month, everyone: ModelPerson[], at: number): void {
    const scopes = new Set<BudgetScope>(everyone.flatMap(scopesOf));
    for (const scope of Object.keys(this.budget(month)?.scopes ?? {})) scopes.add(scope as BudgetScope);
    for (const key of this.#held.keys()) {
      if (key.startsWith(month)) scopes.add(key.slice(month.length + 1) as BudgetScope);
    }
    scopes.delete('tenant:*');
    for (const scope of scopes) {
      const held = this.#held.get(`${month} ${scope}`) ?? 0;
      const reached = this.#reached(month, scope, everyone, at).at(-1) ?? 0;
      if (reached >= held) {
        this.#rise(month, scope, everyone, at);
        continue;
      }
      const thresholds = this.budget(month)?.thresholds ?? [];
      const threshold = thresholds.find((one) => one > reached && one <= held) ?? held;
      const limit = this.#limit(month, scope, at);
      const used = everyone.filter((person) => isIn(scope, person)).length;
      if (limit !== null && used / limit >= threshold / 100) continue;
      this.#held.set(`${month} ${scope}`, reached);
      this.#alert({ at, month, budget: scope, threshold, state: 'recovered', limit: limit ?? 0, used });
    }
  }

  #rise(month: Month, scope: BudgetScope, everyone: ModelPerson[], at: number): void {
    const used = everyone.filter((person) => isIn(scope, person)).length;
    for (const threshold of this.#reached(month, scope, everyone, at)) {
      const held = this.#held.get(`${month} ${scope}`) ?? 0;
      if (threshold <= held) continue;
      const state = held === 0 ? 'firing' : 'escalated';
      const limit = this.#limit(month, scope, at) ?? 0;
      this.#held.set(`${month} ${scope}`, threshold);
      this.#alert({ at, month, budget: scope, threshold, state, limit, used });
    }
  }

  /** Every threshold that is reached, rising. */
  #reached(month: Month, scope: BudgetScope, everyone: ModelPerson[], at: number): number[] {
    const limit = this.#limit(month, scope, at);
    const used = everyone.filter((person) => isIn(scope, person)).length;
    if (limit === null || limit === 0) return [];
    return (this.budget(month)?.thresholds ?? []).filter((percent) => used * 100 >= percent * limit);
  }

  #limit(month: Month, scope: BudgetScope, at: number): number | null {
    const budget = this.budget(month);
    if (budget === null || budget.mode === 'off') return null;
    let limit = budget.scopes[scope];
    if (limit === undefined && scope.startsWith('tenant:')) limit = budget.scopes['tenant:*'];
    if (limit === undefined) return null;
    for (const raise of this.raisesOf(month)) {
      if (raise.scope === scope && raise.expiresAt > at) limit += raise.identities;
    }
    return limit;
  }

  #alert({ at, ...alert }: Omit<Alert, 'id'>): void {
    this.alerts.push({ at: at * 1000, ...alert });
  }
}

/** The value of the latest month up to `month` that has one. */
function holding<Value>(values: Map<Month, Value | null>, month: Month): Value | null {
  const months = [...values.keys()].filter((from) => from <= month).sort();
  const latest = months.at(-1);
  return latest === undefined ? null : (values.get(latest) ?? null);
}

function scopesOf({ className, tenant }: Applicant): BudgetScope[] {
  return ['all', `class:${className}`, ...(tenant === null ? [] : [`tenant:${tenant}` as const])];
}

function isIn(scope: BudgetScope, person: ModelPerson): boolean {
  return scopesOf(person).includes(scope);
}

/** Places that classes of the same or a higher rank have reserved and not taken. */
function placesKept({ reserve, priorities }: Budget, everyone: ModelPerson[], className: string): number {
  let kept = 0;
  for (const [other, places] of Object.entries(reserve)) {
    const taken = everyone.filter((person) => person.className === other).length;
    const isOutranked = (priorities[other] ?? 0) < (priorities[className] ?? 0);
    if (other !== className && !isOutranked && taken < places) kept += places - taken;
  }
  return kept;
}
