import type { Identity } from '../../../src/domain/identity.ts';
import {
  type Month,
  monthEndSeconds,
  monthOf,
  monthStartSeconds,
  previousMonth,
} from '../../../src/domain/month.ts';
import type { BudgetScope } from '../../../src/domain/refusal.ts';
import { EVIDENCE_SOURCES, type EvidenceSource, type Mark, type Signal } from '../../../src/domain/signal.ts';
import type { AdmitRequest, Admitted, Budget, Evidence, MintRecord } from '../../../src/ledger/ledger.ts';

/** A person of a month, as plainly as it can be said. */
export interface ModelPerson {
  className: string;
  tenant: string | null;
  signals: Map<Signal, { firstAt: number; source: EvidenceSource }>;
  marks: Set<Mark>;
  firstSeen: number;
  lastSeen: number;
  mints: number;
  last: { issuedAt: number; expiresAt: number; ordinal: number; policyMark: number } | null;
  /** The instant that first counted the person; it stays when evidence moves `firstSeen`. */
  arrivedAt: number;
}

/** What the model answers: an admission, or the refusal's code with the numbers of a budget. */
export type ModelAnswer =
  | Admitted
  | { outcome: 'refused'; code: string; budget?: BudgetScope; limit?: number; used?: number; month?: Month };

type ModelRefusal = Extract<ModelAnswer, { outcome: 'refused' }>;

/**
 * One service's ledger in plain words, with nothing derived: every sum is a recount. Slow, and right by
 * reading it.
 */
export class ModelLedger {
  readonly people = new Map<Month, Map<Identity, ModelPerson>>();
  readonly mints: (MintRecord & { month: Month })[] = [];
  readonly reuses: number[] = [];
  readonly refusals: { code: string; at: number }[] = [];
  readonly budgets = new Map<Month, Budget | null>();
  readonly freezes = new Map<Month, string | null>();
  readonly blocks = new Set<Identity>();
  readonly links = new Map<Identity, Identity>();

  peopleOf(month: Month): Map<Identity, ModelPerson> {
    const people = this.people.get(month) ?? new Map<Identity, ModelPerson>();
    this.people.set(month, people);
    return people;
  }

  admit(request: AdmitRequest): ModelAnswer {
    const { life } = request;
    const identity = this.links.get(request.identity) ?? request.identity;
    if (this.blocks.has(identity))
      return this.#refuse({ outcome: 'refused', code: 'identity-blocked' }, life.issuedAt);

    const last = this.peopleOf(life.month).get(identity)?.last;
    if (
      last &&
      last.policyMark === request.policyMark &&
      2 * (life.issuedAt - last.issuedAt) < last.expiresAt - last.issuedAt
    ) {
      this.reuses.push(life.issuedAt);
      const { issuedAt, expiresAt, ordinal } = last;
      return { outcome: 'reuse', identity, issuedAt, expiresAt, ordinal, month: life.month };
    }

    const here = this.#newcomerRefusal(life.month, identity, request);
    if (here) return this.#refuse(here, life.issuedAt);
    if (life.otherMonth === null) return this.#mint(identity, request, life.expiresAt, []);

    const there = this.#newcomerRefusal(life.otherMonth, identity, request);
    if (!there) return this.#mint(identity, request, life.expiresAt, [life.otherMonth]);
    const cut = monthEndSeconds(life.month) - 5;
    const isCutEnough = life.otherMonth > life.month && cut >= life.issuedAt + 60;
    return isCutEnough ? this.#mint(identity, request, cut, []) : this.#refuse(there, life.issuedAt);
  }

  countRefusal(code: string, atMs: number): void {
    this.refusals.push({ code, at: Math.floor(atMs / 1000) });
  }

  record(evidence: readonly Evidence[]): void {
    for (const { identity, signal, at: atMs, source, className } of evidence.toSorted(byMonth)) {
      const at = Math.floor(atMs / 1000);
      const month = monthOf(atMs);
      const known = this.peopleOf(month).has(identity);
      const person = known
        ? this.#personOf(month, identity)
        : this.#insert(month, identity, { className, tenant: null, at });
      const firstAt = at - (at % 60);
      const before = person.signals.get(signal);
      const isEarlier =
        !before ||
        firstAt < before.firstAt ||
        (firstAt === before.firstAt && rank(source) < rank(before.source));
      if (isEarlier) person.signals.set(signal, { firstAt, source });
      person.firstSeen = Math.min(person.firstSeen, at);
      person.lastSeen = Math.max(person.lastSeen, at);
      if (dayOf(person.firstSeen) !== dayOf(person.lastSeen)) person.marks.add('again');
    }
  }

  /** The value of the latest month up to `month` that has one. */
  holding<Value>(values: Map<Month, Value | null>, month: Month): Value | null {
    const latest = [...values.keys()]
      .filter((from) => from <= month)
      .sort()
      .at(-1);
    return latest === undefined ? null : (values.get(latest) ?? null);
  }

  #newcomerRefusal(month: Month, identity: Identity, request: AdmitRequest): ModelRefusal | null {
    const people = this.peopleOf(month);
    if (people.has(identity)) return null;
    if (request.knownOnly) return { outcome: 'refused', code: 'lazy-connect-required' };
    if (this.holding(this.freezes, month) !== null)
      return { outcome: 'refused', code: 'new-identities-frozen' };
    const budget = this.holding(this.budgets, month);
    if (budget?.mode !== 'block') return null;
    const everyone = [...people.values()];
    const { className, tenant } = request;
    const uses: [BudgetScope, number][] = [
      ['all', everyone.length],
      [`class:${className}`, everyone.filter((person) => person.className === className).length],
      [`tenant:${tenant}`, everyone.filter((person) => person.tenant === tenant).length],
    ];
    for (const [scope, used] of uses) {
      const limit = budget.scopes[scope];
      if (limit === undefined || used < limit) continue;
      return { outcome: 'refused', code: 'mau-budget-exhausted', budget: scope, limit, used, month };
    }
    return null;
  }

  #refuse(refusal: ModelRefusal, at: number): ModelRefusal {
    this.refusals.push({ code: refusal.code, at });
    return refusal;
  }

  #mint(identity: Identity, request: AdmitRequest, expiresAt: number, others: Month[]): Admitted {
    const { className, tenant, intent, rule, policyMark } = request;
    const { issuedAt, month } = request.life;
    const outcome = this.peopleOf(month).has(identity) ? 'known' : 'new';
    const missing = [month, ...others].filter((one) => !this.peopleOf(one).has(identity));
    const returning = new Set(missing.filter((one) => this.people.get(previousMonth(one))?.has(identity)));

    for (const one of [month, ...others]) {
      const at = Math.min(Math.max(issuedAt, monthStartSeconds(one)), monthEndSeconds(one) - 1);
      const person = missing.includes(one)
        ? this.#insert(one, identity, { className, tenant, at }, returning.has(one))
        : this.#personOf(one, identity);
      if (person.signals.has('minted')) continue;
      const source = one === month ? 'gateway' : 'previous-month';
      person.signals.set('minted', { firstAt: at - (at % 60), source });
      if (request.hidden && (one === month || missing.includes(one))) person.marks.add('hidden');
    }

    const person = this.#personOf(month, identity);
    const ordinal = this.mints.filter((mint) => mint.month === month).length + 1;
    person.mints += 1;
    person.lastSeen = Math.max(person.lastSeen, issuedAt);
    if (dayOf(person.firstSeen) !== dayOf(issuedAt)) person.marks.add('again');
    person.last = { issuedAt, expiresAt, ordinal, policyMark };
    const row = {
      ordinal,
      issuedAt,
      expiresAt,
      identity,
      subject: request.identity,
      intent,
      outcome,
      rule,
    } as const;
    this.mints.push({ ...row, className: person.className, month });
    return { outcome, identity, issuedAt, expiresAt, ordinal, month };
  }

  #insert(
    month: Month,
    identity: Identity,
    { className, tenant, at }: { className: string; tenant: string | null; at: number },
    isReturning = this.people.get(previousMonth(month))?.has(identity) ?? false,
  ): ModelPerson {
    const person: ModelPerson = {
      className,
      tenant,
      signals: new Map(),
      marks: new Set(isReturning ? ['returning'] : []),
      firstSeen: at,
      lastSeen: at,
      mints: 0,
      last: null,
      arrivedAt: at,
    };
    this.peopleOf(month).set(identity, person);
    return person;
  }

  #personOf(month: Month, identity: Identity): ModelPerson {
    const person = this.peopleOf(month).get(identity);
    if (!person) throw new Error(`the model has no ${identity} in ${month}`);
    return person;
  }
}

/** Of a batch the earlier month comes first: `returning` must not depend on how the batch was put together. */
function byMonth(a: Evidence, b: Evidence): number {
  return monthOf(a.at).localeCompare(monthOf(b.at));
}

function rank(source: EvidenceSource): number {
  return EVIDENCE_SOURCES.indexOf(source);
}

function dayOf(instant: number): number {
  return Math.floor(instant / 86_400);
}
