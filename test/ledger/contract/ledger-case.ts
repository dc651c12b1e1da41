import type { ServiceName } from '../../../src/domain/service-name.ts';
import type { Signal } from '../../../src/domain/signal.ts';
import { planTokenLife } from '../../../src/domain/token-life.ts';
import type { AdmissionPreview, Standing } from '../../../src/ledger/admission-preview.ts';
import type { Alert, Delivery } from '../../../src/ledger/alert-book.ts';
import type { AdoptionOutcome } from '../../../src/ledger/bonds.ts';
import type { Budget, Limits } from '../../../src/ledger/budget.ts';
import type {
  AdmitRequest,
  Admitted,
  Ledger,
  LedgerRefusal,
  MonthTotals,
} from '../../../src/ledger/ledger.ts';
import type { Page, PageRequest } from '../../../src/ledger/page.ts';
import type { IdentityRecord, MintRecord } from '../../../src/ledger/records.ts';
import type { Change, ChangeOutcome, ChangeTerms, StoredAuditEntry } from '../../../src/ledger/steering.ts';
import {
  auditOf,
  budgetOf,
  type EvidenceOptions,
  evidenceOf,
  freshServiceName,
  identityOf,
  monthNamed,
  type RaiseOptions,
  raiseOf,
  STEERED_AT,
} from './builders.ts';

/** The store under test; opened before the first test and shared by all of them. */
export interface ContractStore {
  readonly ledger: Ledger;
}

type AdmitOptions = Partial<Omit<AdmitRequest, 'service' | 'identity' | 'life'>> & {
  ttlSeconds?: number;
  spread?: number;
};

/** One test's own service in the shared store, with the defaults that most tests do not care about. */
export class LedgerCase {
  readonly ledger: Ledger;
  readonly service: ServiceName;

  constructor(store: ContractStore) {
    this.ledger = store.ledger;
    this.service = freshServiceName();
  }

  /** Admits `person` at an ISO instant: a member without tenant, a token of an hour, policy mark 1. */
  admit(person: string, at: string, options: AdmitOptions = {}): Promise<Admitted | LedgerRefusal> {
    return this.ledger.admit(this.request(person, at, options));
  }

  /** What {@link admit} would find of the person. */
  standing(person: string, at: string, options: AdmitOptions = {}): Promise<Standing> {
    return this.ledger.standing(this.request(person, at, options));
  }

  /** What {@link admit} would look at. */
  preview(person: string, at: string, options: AdmitOptions = {}): Promise<AdmissionPreview> {
    return this.ledger.preview(this.request(person, at, options));
  }

  request(person: string, at: string, options: AdmitOptions = {}): AdmitRequest {
    const { ttlSeconds = 3_600, spread = 0, ...rest } = options;
    return {
      service: this.service,
      identity: identityOf(person),
      className: 'member',
      tenant: null,
      intent: 'open_chat',
      rule: 'allow-open-chat',
      life: planTokenLife(Date.parse(at), ttlSeconds, spread),
      policyMark: 1,
      knownOnly: false,
      needsReason: false,
      hidden: false,
      ...rest,
    };
  }

  /** Records one signal of `person` at an ISO instant, told by a webhook, class `unknown`. */
  see(person: string, signal: Signal, at: string, options: EvidenceOptions = {}): Promise<void> {
    return this.ledger.record(this.service, [evidenceOf(person, signal, at, options)]);
  }

  totals(month: string): Promise<MonthTotals> {
    return this.ledger.totals(this.service, monthNamed(month));
  }

  /** Row of a day, `YYYY-MM-DD`. */
  async day(day: string) {
    const days = await this.ledger.days(this.service, monthNamed(day.slice(0, 7)));
    return days[Number(day.slice(8)) - 1];
  }

  /** Everyone of a month, read in pages. */
  people(month: string, limit = 500): Promise<IdentityRecord[]> {
    return readAll((page) => this.ledger.identities(this.service, monthNamed(month), page), limit);
  }

  async person(person: string, month: string): Promise<IdentityRecord | undefined> {
    const people = await this.people(month);
    return people.find(({ identity }) => identity === person);
  }

  /** The whole mint log of a month, read in pages. */
  mints(month: string, limit = 500): Promise<MintRecord[]> {
    return readAll((page) => this.ledger.mints(this.service, monthNamed(month), page), limit);
  }

  /** Configures a budget; see {@link budgetOf}. */
  budget(month: string, budget: Partial<Budget> | null): Promise<void> {
    const whole = budget === null ? null : budgetOf(budget);
    return this.ledger.configureBudget(this.service, monthNamed(month), whole);
  }

  limits(month: string): Promise<Limits> {
    return this.ledger.limits(this.service, monthNamed(month));
  }

  /** Makes a change as an operator, on 2026-11-20 unless told when. */
  change(change: Change, terms: Partial<ChangeTerms> & { at?: string } = {}): Promise<ChangeOutcome> {
    const { at = STEERED_AT, ...rest } = terms;
    return this.ledger.change(this.service, change, {
      audit: auditOf(change.kind, at),
      expected: null,
      idempotency: null,
      ...rest,
    });
  }

  /** Sets a budget as an operator. */
  setBudget(month: string, budget: Partial<Budget>, at = STEERED_AT): Promise<ChangeOutcome> {
    return this.change({ kind: 'budget', month: monthNamed(month), budget: budgetOf(budget) }, { at });
  }

  /** Raises a limit, `all` by 1 in the month of its end unless told otherwise. */
  raise(id: string, { until, ...options }: RaiseOptions, at = STEERED_AT): Promise<ChangeOutcome> {
    return this.change({ kind: 'raise', raise: raiseOf(id, { until, ...options }) }, { at });
  }

  freeze(month: string, since: string | null): Promise<ChangeOutcome> {
    return this.change({ kind: 'freeze', month: monthNamed(month), since });
  }

  block(person: string, blocked = true): Promise<ChangeOutcome> {
    return this.change({ kind: 'block', identity: identityOf(person), blocked });
  }

  link(own: string, effective: string): Promise<ChangeOutcome> {
    return this.change({
      kind: 'link',
      links: [{ own: identityOf(own), effective: identityOf(effective) }],
    });
  }

  erase(person: string, pseudonym: string, at = '2026-11-20T18:00:00Z'): Promise<ChangeOutcome> {
    const erasures = [{ identity: identityOf(person), pseudonym: identityOf(pseudonym) }];
    return this.change({ kind: 'erase', erasures }, { at });
  }

  adopt(guest: string, member: string, at = STEERED_AT): Promise<AdoptionOutcome> {
    const adoption = { guest: identityOf(guest), member: identityOf(member), at: Date.parse(at) };
    return this.ledger.adopt(this.service, adoption);
  }

  /** Every alert in the order of writing, read in pages. */
  async alerts(limit = 100): Promise<(Alert & { deliveries: readonly Delivery[] })[]> {
    return (await readAll((page) => this.ledger.alerts(this.service, page), limit)).reverse();
  }

  /** The whole audit log in the order of writing, read in pages. */
  async audit(limit = 100): Promise<StoredAuditEntry[]> {
    return (await readAll((page) => this.ledger.audit(this.service, page), limit)).reverse();
  }
}

async function readAll<Item>(
  read: (page: PageRequest) => Promise<Page<Item>>,
  limit: number,
): Promise<Item[]> {
  const items: Item[] = [];
  let after: string | null = null;
  do {
    const page: Page<Item> = await read({ after, limit });
    if (page.items.length > limit) throw new Error(`a page of ${page.items.length}, asked for ${limit}`);
    if (page.next !== null && page.next === after) throw new Error('a page that leads to itself');
    items.push(...page.items);
    after = page.next;
  } while (after !== null);
  return items;
}
