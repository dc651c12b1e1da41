import { type Month, monthEndSeconds, monthStartSeconds } from '../../domain/month.ts';
import { type BudgetCheck, checkBudget } from '../../ledger/budget-rules.ts';
import type { MintRecord } from '../../ledger/records.ts';
import { decide } from '../../policy/decide.ts';
import { NO_HINTS, type Permission } from '../../policy/policy.ts';
import { TrialFill } from './trial-fill.ts';
import type { TrialPolicy } from './trial-policy.ts';

/** Somebody of the recorded month. */
export interface TrialPerson {
  tenant: string | null;
  /** Signals and marks that were recorded. */
  mask: number;
  /** Whether last month gives them a reason to connect. */
  reason: boolean;
  /** Counted in the tried month. */
  counted: boolean;
}

/** What a trial has come to. */
export interface TrialTally {
  identities: number;
  byClass: Record<string, number>;
  minted: number;
  /** Mints that would have been refused, by code. */
  refused: Record<string, number>;
  /** Newcomers whom a budget that only warns would have refused. */
  warned: number;
}

/**
 * Plays a month again under another policy, one act after the other in the order of time. Pure. Counted people are
 * always served by budgets; every decision is the product's own: `decide` and `checkBudget`.
 */
export class Trial {
  readonly #month: Month;
  readonly #trial: TrialPolicy;
  readonly #fill: TrialFill;
  readonly #refused: Record<string, number> = {};
  #minted = 0;
  #warned = 0;

  /** @param classes configured class names */
  constructor(month: Month, trial: TrialPolicy, classes: readonly string[]) {
    this.#month = month;
    this.#trial = trial;
    this.#fill = new TrialFill(classes);
  }

  /** Counts somebody whom no policy could have refused. @param at whole seconds since the epoch */
  arrive(className: string, tenant: string | null, at: number): void {
    this.#fill.add(className, tenant, at);
  }

  /** Decides about a recorded mint. */
  mint(record: MintRecord, person: TrialPerson): void {
    const refusal = this.#refuses(record, person);
    if (refusal !== null) {
      this.#refused[refusal] = (this.#refused[refusal] ?? 0) + 1;
      return;
    }
    if (!person.counted) {
      person.counted = true;
      this.#fill.add(record.className, person.tenant, record.issuedAt);
    }
    this.#minted += 1;
  }

  tally(): TrialTally {
    return {
      identities: this.#fill.all,
      byClass: Object.fromEntries(this.#fill.byClass),
      minted: this.#minted,
      refused: { ...this.#refused },
      warned: this.#warned,
    };
  }

  /** The code of the refusal, or null. */
  #refuses(record: MintRecord, person: TrialPerson): string | null {
    const permission = this.#decide(record);
    if (typeof permission === 'string') return permission;
    return person.counted ? null : this.#refusesNewcomer(record, person, permission);
  }

  #decide({ intent, className, rule, issuedAt }: MintRecord): Permission | string {
    const { answer } = decide(
      {
        intent,
        className,
        via: 'bearer',
        // The log does not hold the state of the tab, but only this rule serves a hidden one.
        tabState: rule === 'hidden-tab' ? 'hidden' : null,
        hints: NO_HINTS,
        secondsToMonthTurn: Math.min(
          issuedAt - monthStartSeconds(this.#month),
          monthEndSeconds(this.#month) - issuedAt,
        ),
      },
      this.#trial.policy,
    );
    return answer.outcome === 'refused' ? answer.code : answer;
  }

  /** In the order in which the ledger asks. */
  #refusesNewcomer(record: MintRecord, person: TrialPerson, permission: Permission): string | null {
    if (permission.knownOnly) return 'lazy-connect-required';
    if (permission.needsReason && !person.reason) return 'no-reason-to-connect';
    const failing = this.#check(record, person).filter(({ passes }) => !passes);
    if (failing.some(({ blocks }) => blocks)) return 'mau-budget-exhausted';
    if (failing.length > 0) this.#warned += 1;
    return null;
  }

  #check({ className, issuedAt }: MintRecord, { tenant }: TrialPerson): BudgetCheck[] {
    const { budget, raises } = this.#trial;
    const made = raises.filter(({ createdAt }) => createdAt <= issuedAt);
    return checkBudget(
      { budget, raises: made, month: this.#month },
      { className, tenant, at: issuedAt },
      this.#fill.at(issuedAt),
    );
  }
}
