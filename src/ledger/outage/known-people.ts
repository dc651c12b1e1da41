import { LRUCache } from 'lru-cache';
import type { Identity } from '../../domain/identity.ts';
import { type Month, monthOf, previousMonth } from '../../domain/month.ts';
import { DEFAULT_SERVICE, type ServiceName } from '../../domain/service-name.ts';
import { CLOCK_MARGIN_SECONDS } from '../../domain/token-life.ts';
import type { AdmitRequest, Admitted } from '../ledger.ts';

/** Somebody whom this process has seen admitted, as they were when they came last. */
export interface KnownPerson {
  readonly service: ServiceName;
  /** Before links. */
  readonly own: Identity;
  /** After links, as the ledger has answered. */
  identity: Identity;
  className: string;
  tenant: string | null;
  intent: string;
  rule: string;
  /** The latest month that has them. */
  month: Month;
  /** True when the month before that one has them, too. */
  alsoBefore: boolean;
  /** When this process first saw them in {@link KnownPerson.month}; the ledger may know better. Seconds. */
  firstSeen: number;
  /** The last token they were given; instants in whole seconds since the epoch. */
  issuedAt: number;
  expiresAt: number;
  ordinal: number;
  /** Stands for the ordinal in a token that was given out without the ledger; else null. */
  journalMark: string | null;
  policyMark: number;
  /** Counts up with everybody who is remembered, again or for the first time. */
  order: number;
}

/**
 * The people whom this process has seen admitted, as far as they fit: whoever came longest ago is forgotten first. It
 * is what a gateway has left while its ledger is away, and what it can tell a ledger that has lost some of them.
 *
 * On the mint path: one look-up for somebody who is here already, and nothing is allocated for them.
 */
export class KnownPeople {
  readonly #people: LRUCache<string, KnownPerson>;
  readonly #minted = new Map<ServiceName, KnownPerson>();
  #order = 0;

  /** @param peopleMax at least 1; each takes some 280 bytes once they are there */
  constructor(peopleMax: number) {
    this.#people = new LRUCache({ max: peopleMax });
  }

  /** People remembered at the moment, of all services. */
  get size(): number {
    return this.#people.size;
  }

  /** That of whoever was remembered last. */
  get order(): number {
    return this.#order;
  }

  /** Takes note of what the ledger has answered, or of a mint that was given out without it. */
  remember(request: AdmitRequest, admitted: Admitted): void {
    const { service, identity: own, life } = request;
    const key = keyOf(service, own);
    const person = this.#people.get(key);
    // No token reaches into a month that does not have its holder, one that is handed out again no more than a new one.
    const isInBoth = life.otherMonth !== null && reachesIntoTwo(admitted);
    const latest = isInBoth && life.otherMonth! > life.month ? life.otherMonth! : life.month;
    this.#order++;
    if (person === undefined) {
      const newcomer: KnownPerson = {
        service,
        own,
        identity: admitted.identity,
        className: request.className,
        tenant: request.tenant,
        intent: request.intent,
        rule: request.rule,
        month: latest,
        alsoBefore: isInBoth,
        firstSeen: admitted.issuedAt,
        issuedAt: admitted.issuedAt,
        expiresAt: admitted.expiresAt,
        ordinal: admitted.ordinal,
        journalMark: admitted.journalMark ?? null,
        policyMark: request.policyMark,
        order: this.#order,
      };
      this.#people.set(key, newcomer);
      this.#noteMint(newcomer, admitted);
      return;
    }
    person.order = this.#order;
    if (person.month !== latest || isInBoth) enterMonth(person, latest, isInBoth, life.issuedAt);
    if (admitted.issuedAt < person.issuedAt) return;
    person.identity = admitted.identity;
    person.className = request.className;
    person.tenant = request.tenant;
    person.intent = request.intent;
    person.rule = request.rule;
    person.issuedAt = admitted.issuedAt;
    person.expiresAt = admitted.expiresAt;
    person.ordinal = admitted.ordinal;
    person.journalMark = admitted.journalMark ?? null;
    person.policyMark = request.policyMark;
    this.#noteMint(person, admitted);
  }

  /** Whose mint the ledger of this service has counted last, as far as this process has seen; null while there is none. */
  lastMinted(service: ServiceName): Readonly<KnownPerson> | null {
    return this.#minted.get(service) ?? null;
  }

  #noteMint(person: KnownPerson, { outcome, journalMark }: Admitted): void {
    if (outcome !== 'reuse' && !journalMark) this.#minted.set(person.service, person);
  }

  /** The person with this own identity, or null. */
  find(service: ServiceName, own: Identity): KnownPerson | null {
    return this.#people.get(keyOf(service, own)) ?? null;
  }

  /** What the person with this own identity was served as when they came last; null when nobody is remembered under it. */
  servedAs(service: ServiceName, own: Identity): Identity | null {
    return this.#people.peek(keyOf(service, own))?.identity ?? null;
  }

  /** Forgets whoever has this own identity: the ledger serves them no more. */
  forget(service: ServiceName, own: Identity): void {
    this.#people.delete(keyOf(service, own));
    if (this.#minted.get(service)?.own === own) this.#minted.delete(service);
  }

  /** Forgets whoever is, or is served as, one of these identities: they were stopped or erased. Looks at everybody. */
  forgetServedAs(service: ServiceName, identities: Iterable<Identity>): void {
    const gone = new Set(identities);
    const people = [...this.of(service)].filter(({ identity, own }) => gone.has(identity) || gone.has(own));
    for (const { own } of people) this.forget(service, own);
  }

  /** The people of one service, those who came last first. They must not be changed. */
  *of(service: ServiceName): Iterable<Readonly<KnownPerson>> {
    for (const person of this.#people.values()) {
      if (person.service === service) yield person;
    }
  }
}

/** Whether a month has this person, as far as this process has seen. */
export function isKnownIn({ month, alsoBefore }: Readonly<KnownPerson>, asked: Month): boolean {
  return month === asked || (alsoBefore && previousMonth(month) === asked);
}

function enterMonth(person: KnownPerson, latest: Month, isInBoth: boolean, at: number): void {
  if (latest > person.month) {
    person.alsoBefore = isInBoth || previousMonth(latest) === person.month;
    person.month = latest;
    person.firstSeen = at;
  } else if (latest === person.month) {
    person.alsoBefore ||= isInBoth;
  } else if (previousMonth(person.month) === latest) {
    person.alsoBefore = true;
  }
}

/** An identity has no blank in it; joining two texts costs more than looking the person up. */
function keyOf(service: ServiceName, own: Identity): string {
  return service === DEFAULT_SERVICE ? own : `${service} ${own}`;
}

function reachesIntoTwo({ issuedAt, expiresAt }: Admitted): boolean {
  const first = monthOf((issuedAt - CLOCK_MARGIN_SECONDS) * 1000);
  return monthOf((expiresAt + CLOCK_MARGIN_SECONDS) * 1000 - 1) !== first;
}
