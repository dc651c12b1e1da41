import { randomBytes } from 'node:crypto';
import { type Identity, parseIdentity } from '../../../src/domain/identity.ts';
import { type Month, parseMonth } from '../../../src/domain/month.ts';
import { parseServiceName, type ServiceName } from '../../../src/domain/service-name.ts';
import type { EvidenceSource, Signal } from '../../../src/domain/signal.ts';
import { planTokenLife } from '../../../src/domain/token-life.ts';
import type {
  AdmitRequest,
  Admitted,
  Evidence,
  IdentityRecord,
  Ledger,
  LedgerRefusal,
  MintRecord,
  MonthTotals,
  Page,
  PageRequest,
} from '../../../src/ledger/ledger.ts';

/** The store under test; opened before the first test and shared by all of them. */
export interface ContractStore {
  readonly ledger: Ledger;
}

type AdmitOptions = Partial<Omit<AdmitRequest, 'service' | 'identity' | 'life'>> & {
  ttlSeconds?: number;
  spread?: number;
};

type EvidenceOptions = { source?: EvidenceSource; className?: string };

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
    const { ttlSeconds = 3_600, spread = 0, ...rest } = options;
    return this.ledger.admit({
      service: this.service,
      identity: identityOf(person),
      className: 'member',
      tenant: null,
      intent: 'open_chat',
      rule: 'allow-open-chat',
      life: planTokenLife(Date.parse(at), ttlSeconds, spread),
      policyMark: 1,
      knownOnly: false,
      hidden: false,
      ...rest,
    });
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

  budget(month: string, budget: Parameters<Ledger['configureBudget']>[2]): Promise<void> {
    return this.ledger.configureBudget(this.service, monthNamed(month), budget);
  }

  freeze(month: string, since: string | null): Promise<void> {
    return this.ledger.freeze(this.service, monthNamed(month), since);
  }

  block(person: string, blocked = true): Promise<void> {
    return this.ledger.setBlocked(this.service, identityOf(person), blocked);
  }

  link(own: string, effective: string): Promise<void> {
    return this.ledger.link(this.service, identityOf(own), identityOf(effective));
  }
}

export function evidenceOf(
  person: string,
  signal: Signal,
  at: string,
  options: EvidenceOptions = {},
): Evidence {
  const { source = 'webhook', className = 'unknown' } = options;
  return { identity: identityOf(person), signal, at: Date.parse(at), source, className };
}

export function identityOf(text: string): Identity {
  const identity = parseIdentity(text);
  if (!identity) throw new Error(`not an identity: ${text}`);
  return identity;
}

export function monthNamed(text: string): Month {
  const month = parseMonth(text);
  if (!month) throw new Error(`not a month: ${text}`);
  return month;
}

/** Seconds since the epoch of an ISO instant. */
export function seconds(at: string): number {
  return Math.floor(Date.parse(at) / 1000);
}

export function freshServiceName(): ServiceName {
  const service = parseServiceName(`t-${randomBytes(10).toString('hex')}`);
  if (!service) throw new Error('a service name of this form is valid');
  return service;
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
