import type { Fill } from '../../ledger/budget-rules.ts';

const SECONDS_A_HOUR = 3600;

/** How full a tried month is, counted as the ledger counts. */
export class TrialFill {
  readonly byClass = new Map<string, number>();
  readonly #byTenant = new Map<string, number>();
  readonly #classes: ReadonlySet<string>;
  #all = 0;
  #hour = -1;
  #newThisHour = 0;

  /** @param classes configured class names: newcomers of others do not count for the spike guard */
  constructor(classes: readonly string[]) {
    this.#classes = new Set(classes);
  }

  get all(): number {
    return this.#all;
  }

  /** Counts one more identity. @param at whole seconds since the epoch, never earlier than the one before */
  add(className: string, tenant: string | null, at: number): void {
    this.#all += 1;
    this.byClass.set(className, (this.byClass.get(className) ?? 0) + 1);
    if (tenant !== null) this.#byTenant.set(tenant, (this.#byTenant.get(tenant) ?? 0) + 1);
    if (!this.#classes.has(className)) return;
    const hour = Math.floor(at / SECONDS_A_HOUR);
    if (hour !== this.#hour) {
      this.#hour = hour;
      this.#newThisHour = 0;
    }
    this.#newThisHour += 1;
  }

  /** As the budget rules ask for it at an instant, whole seconds since the epoch. */
  at(instant: number): Fill {
    const hour = Math.floor(instant / SECONDS_A_HOUR);
    return {
      all: () => this.#all,
      ofClass: (className) => this.byClass.get(className) ?? 0,
      ofTenant: (tenant) => this.#byTenant.get(tenant) ?? 0,
      newThisHour: () => (hour === this.#hour ? this.#newThisHour : 0),
    };
  }
}
