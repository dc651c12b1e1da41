import type { Identity } from '../../../src/domain/identity.ts';
import {
  type Month,
  monthEndSeconds,
  monthOf,
  monthStartSeconds,
  nextMonth,
  previousMonth,
} from '../../../src/domain/month.ts';
import type { BudgetName } from '../../../src/domain/refusal.ts';
import { EVIDENCE_SOURCES, type EvidenceSource, type Mark, type Signal } from '../../../src/domain/signal.ts';
import type { ConversationMark } from '../../../src/ledger/conversations.ts';
import type { AdmitRequest, Admitted, Evidence } from '../../../src/ledger/ledger.ts';
import type { MintRecord } from '../../../src/ledger/records.ts';
import type { ReplayedMint } from '../../../src/ledger/replay.ts';
import type { Change } from '../../../src/ledger/steering.ts';
import { ModelBonds } from './model-bonds.ts';
import { ModelConversations } from './model-conversations.ts';
import { ModelLimits } from './model-limits.ts';

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
}

/** What the model answers: an admission, or the refusal's code with the numbers of a budget. */
export type ModelAnswer =
  | Admitted
  | {
      outcome: 'refused';
      code: string;
      budget?: BudgetName;
      limit?: number;
      used?: number;
      reserved?: number;
      month?: Month;
    };

export type ModelRefusal = Extract<ModelAnswer, { outcome: 'refused' }>;

export interface ModelVerdict {
  refusal: ModelRefusal | null;
  /** True when a limit that only warns would have refused. */
  warned: boolean;
}

/**
 * One service's ledger in plain words, with nothing derived: every sum is a recount. Slow, and right by
 * reading it.
 */
export class ModelLedger {
  readonly people = new Map<Month, Map<Identity, ModelPerson>>();
  readonly mints: (MintRecord & { month: Month })[] = [];
  readonly reuses: number[] = [];
  readonly refusals: { code: string; at: number }[] = [];
  readonly beacons: { beacons: number; at: number }[] = [];
  /** How many changes were made. */
  changes = 0;
  /** What a rule would have refused, in the month whose rule it is. */
  readonly shadows: { rule: string; month: Month }[] = [];
  readonly conversations = new ModelConversations();
  /** How many mints were replayed. */
  replays = 0;
  /** By month and journal, the highest number. */
  readonly #replayed = new Map<string, number>();
  readonly limits = new ModelLimits();
  readonly bonds = new ModelBonds((identity) =>
    [...this.people.values()].some((people) => people.has(identity)),
  );

  peopleOf(month: Month): Map<Identity, ModelPerson> {
    const people = this.people.get(month) ?? new Map<Identity, ModelPerson>();
    this.people.set(month, people);
    return people;
  }

  admit(request: AdmitRequest): ModelAnswer {
    const { life } = request;
    const identity = this.bonds.servedAs(request.identity);
    if (identity === null)
      return this.#refuse({ outcome: 'refused', code: 'unauthenticated' }, life.issuedAt);
    if (this.bonds.blocks.has(identity) || this.bonds.blocks.has(request.identity))
      return this.#refuse({ outcome: 'refused', code: 'identity-blocked' }, life.issuedAt);

    const last = this.peopleOf(life.month).get(identity)?.last;
    if (
      last &&
      last.policyMark === request.policyMark &&
      2 * (life.issuedAt - last.issuedAt) < last.expiresAt - last.issuedAt &&
      // Told to come 210 s before the end, nobody gets then what they have; a token cut below 300 s has other terms.
      (last.expiresAt - last.issuedAt < 300 || last.expiresAt - life.issuedAt > 210)
    ) {
      this.reuses.push(life.issuedAt);
      const { issuedAt, expiresAt, ordinal } = last;
      return { outcome: 'reuse', identity, issuedAt, expiresAt, ordinal, month: life.month };
    }

    const here = this.#judge(life.month, identity, request);
    if (here.refusal) return this.#refuse(here.refusal, life.issuedAt);
    if (life.otherMonth === null) {
      if (here.warned) this.#warn(life.month);
      return this.#mint(identity, request, life.expiresAt, []);
    }

    const there = this.#judge(life.otherMonth, identity, request);
    const cut = monthEndSeconds(life.month) - 5;
    const isCutEnough = life.otherMonth > life.month && cut >= life.issuedAt + 60;
    if (there.refusal && !isCutEnough) return this.#refuse(there.refusal, life.issuedAt);
    if (here.warned) this.#warn(life.month);
    if (there.refusal) return this.#mint(identity, request, cut, []);
    if (there.warned) this.#warn(life.otherMonth);
    return this.#mint(identity, request, life.expiresAt, [life.otherMonth]);
  }

  countRefusal(code: string, atMs: number): void {
    this.refusals.push({ code, at: Math.floor(atMs / 1000) });
  }

  countBeacons(beacons: number, atMs: number): void {
    this.beacons.push({ beacons, at: Math.floor(atMs / 1000) });
  }

  /** A change of an operator, at an instant in ms. */
  change(change: Change, atMs: number): void {
    this.changes += 1;
    const { limits, bonds } = this;
    switch (change.kind) {
      case 'budget':
        limits.steered.set(change.month, change.budget);
        break;
      case 'raise':
        limits.raises.push(change.raise);
        break;
      case 'end-raise':
        limits.raises = limits.raises.filter(({ id }) => id !== change.id);
        break;
      case 'freeze':
        limits.freezes.set(change.month, change.since);
        break;
      case 'block':
        if (change.blocked) bonds.blocks.add(change.identity);
        else bonds.blocks.delete(change.identity);
        return;
      case 'link':
        for (const { own, effective } of change.links) bonds.link(own, effective);
        return;
      case 'erase':
        throw new Error('the model erases nobody');
      case 'document':
        throw new Error('the model keeps no documents');
      case 'note':
        return;
      default:
        change satisfies never;
    }
    const month = monthOf(atMs);
    limits.weigh(month, [...this.peopleOf(month).values()], Math.floor(atMs / 1000));
  }

  record(evidence: readonly Evidence[], marks: readonly ConversationMark[] = []): void {
    this.conversations.mark(marks);
    for (const piece of evidence) {
      const { identity, signal, at: atMs, source, className } = piece;
      if (!this.conversations.hasMoved(piece)) continue;
      const at = Math.floor(atMs / 1000);
      const month = monthOf(atMs);
      const known = this.peopleOf(month).has(identity);
      const person = known
        ? this.#personOf(month, identity)
        : this.#insert(month, identity, { className, tenant: null, at });
      if (!known) this.peopleOf(nextMonth(month)).get(identity)?.marks.add('returning');
      setSignal(person, signal, at, source);
      person.firstSeen = Math.min(person.firstSeen, at);
      person.lastSeen = Math.max(person.lastSeen, at);
      if (dayOf(person.firstSeen) !== dayOf(person.lastSeen)) person.marks.add('again');
    }
  }

  /** A mint that was given out already, as `otherMonth` says for two months. */
  replay(mint: ReplayedMint): void {
    const month = monthOf(mint.issuedAt * 1000);
    this.#replayInto(month, mint, mint.firstSeen, mint.issuedAt);
    if (mint.otherMonth === null) return;
    const edge = clampTo(mint.otherMonth, mint.issuedAt);
    this.#replayInto(mint.otherMonth, mint, edge, edge);
  }

  #replayInto(month: Month, mint: ReplayedMint, first: number, at: number): void {
    const { identity, className, tenant, intent, rule, issuedAt, expiresAt, journal } = mint;
    const isMint = month === monthOf(issuedAt * 1000);
    const known = this.peopleOf(month).get(identity);
    const key = `${month} ${journal?.id}`;
    const isDone =
      journal === null
        ? known !== undefined && known.lastSeen >= at
        : journal.number <= (this.#replayed.get(key) ?? 0);
    if (isDone) return;
    if (journal !== null) this.#replayed.set(key, journal.number);
    const person = known ?? this.#insert(month, identity, { className, tenant, at: first });
    if (!known) this.peopleOf(nextMonth(month)).get(identity)?.marks.add('returning');
    setSignal(person, 'minted', first, isMint ? 'gateway' : 'previous-month');
    if (!isMint) return;
    person.firstSeen = Math.min(person.firstSeen, first);
    person.lastSeen = Math.max(person.lastSeen, at);
    if (dayOf(person.firstSeen) !== dayOf(person.lastSeen)) person.marks.add('again');
    if (person.last?.issuedAt === issuedAt && person.last.expiresAt === expiresAt) return;
    person.mints += 1;
    const ordinal = this.mints.filter((row) => row.month === month).length + 1;
    const outcome = known ? 'known' : 'new';
    const row = { ordinal, issuedAt, expiresAt, identity, subject: mint.own, intent, outcome, rule } as const;
    this.mints.push({ ...row, className: person.className, month });
  }

  /** What a month says about somebody; nothing about those it knows. */
  #judge(month: Month, identity: Identity, request: AdmitRequest): ModelVerdict {
    const people = this.peopleOf(month);
    const refuse = (code: string): ModelVerdict => ({ refusal: { outcome: 'refused', code }, warned: false });
    if (people.has(identity)) return { refusal: null, warned: false };
    if (request.knownOnly) return refuse('lazy-connect-required');
    const before = this.people.get(previousMonth(month))?.get(identity)?.signals;
    if (request.needsReason && !before?.has('joined') && !before?.has('messaged'))
      return refuse('no-reason-to-connect');
    if (this.limits.frozenSince(month) !== null) return refuse('new-identities-frozen');
    const at = clampTo(month, request.life.issuedAt);
    return this.limits.judge(month, [...people.values()], request, at);
  }

  #warn(month: Month): void {
    this.shadows.push({ rule: 'mau-budget-exhausted', month });
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

    // In order, so that who enters two months is returning in the later one.
    for (const one of [month, ...others].sort()) {
      const at = clampTo(one, issuedAt);
      const person = missing.includes(one)
        ? this.#insert(one, identity, { className, tenant, at })
        : this.#personOf(one, identity);
      if (others.includes(previousMonth(one)) || (one !== month && one > month))
        person.marks.add('returning');
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
  ): ModelPerson {
    const isReturning = this.people.get(previousMonth(month))?.has(identity) ?? false;
    const person: ModelPerson = {
      className,
      tenant,
      signals: new Map(),
      marks: new Set(isReturning ? ['returning'] : []),
      firstSeen: at,
      lastSeen: at,
      mints: 0,
      last: null,
    };
    const people = this.peopleOf(month).set(identity, person);
    this.limits.noteArrival(month, [...people.values()], person, at);
    return person;
  }

  #personOf(month: Month, identity: Identity): ModelPerson {
    const person = this.peopleOf(month).get(identity);
    if (!person) throw new Error(`the model has no ${identity} in ${month}`);
    return person;
  }
}

/** The earliest minute wins, and of two sources that tell of the same one the first in the list. */
function setSignal({ signals }: ModelPerson, signal: Signal, at: number, source: EvidenceSource): void {
  const firstAt = at - (at % 60);
  const before = signals.get(signal);
  const isEarlier =
    !before || firstAt < before.firstAt || (firstAt === before.firstAt && rank(source) < rank(before.source));
  if (isEarlier) signals.set(signal, { firstAt, source });
}

function clampTo(month: Month, instant: number): number {
  return Math.min(Math.max(instant, monthStartSeconds(month)), monthEndSeconds(month) - 1);
}

function rank(source: EvidenceSource): number {
  return EVIDENCE_SOURCES.indexOf(source);
}

function dayOf(instant: number): number {
  return Math.floor(instant / 86_400);
}
