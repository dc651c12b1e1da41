import type { Month } from '../../../domain/month.ts';
import type { ServiceName } from '../../../domain/service-name.ts';
import type { Budget } from '../../budget.ts';
import type { PageSource } from '../pages.ts';
import { configureBudget } from '../steering/configure-budget.ts';

interface Told {
  month: Month;
  budget: Budget | null;
  /** Resolves, whatever came of it, when the store was told what was told before. */
  before: Promise<unknown>;
}

/** The configured budgets: a store that lost its data would let everybody in until the next start. */
export class ConfiguredBudgets {
  readonly #sourceOf: (service: ServiceName) => PageSource;
  readonly #told = new Map<ServiceName, Told>();

  constructor(sourceOf: (service: ServiceName) => PageSource) {
    this.#sourceOf = sourceOf;
  }

  set(service: ServiceName, month: Month, budget: Budget | null): void {
    this.#told.set(service, { month, budget, before: this.#told.get(service)?.before ?? Promise.resolve() });
  }

  /** Tells the store what was set last, if anything was; one at a time, so that an earlier one never comes later. */
  async tell(service: ServiceName): Promise<void> {
    const told = this.#told.get(service);
    if (told === undefined) return;
    const { month, budget } = told;
    const telling = told.before.then(() => configureBudget(this.#sourceOf(service), month, budget));
    told.before = telling.catch(() => {});
    await telling;
  }
}
