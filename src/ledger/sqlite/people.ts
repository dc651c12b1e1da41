import { SIGNALS } from '../../domain/signal.ts';
import type { Person, Who } from './person.ts';
import type { Statements, Value } from './statements.ts';

type PersonRow = [
  classNumber: number,
  tenantNumber: number | null,
  mask: number,
  firstSeen: number,
  lastSeen: number,
  mints: number,
  issuedAt: number | null,
  lifeSeconds: number | null,
  ordinal: number | null,
  policyMark: number | null,
  ...signals: (number | null)[],
];

/** The people of one service in one month, as rows. */
export class People {
  readonly #statements: Statements;
  readonly #service: number;
  readonly #month: number;

  constructor(statements: Statements, service: number, month: number) {
    this.#statements = statements;
    this.#service = service;
    this.#month = month;
  }

  has(who: Who): boolean {
    return this.#statements.get('has-person', this.#keyOf(who)) !== undefined;
  }

  find(who: Who): Person | null {
    const row = this.#statements.get<PersonRow>('find-person', this.#keyOf(who));
    if (!row) return null;
    const [classNumber, tenantNumber, mask, firstSeen, lastSeen, mints, ...rest] = row;
    const [issuedAt, lifeSeconds, ordinal, policyMark, ...signals] = rest;
    const lastToken =
      typeof issuedAt === 'number' && typeof lifeSeconds === 'number' && typeof ordinal === 'number'
        ? { issuedAt, lifeSeconds, ordinal, policyMark: policyMark ?? 0 }
        : null;
    return { classNumber, tenantNumber, mask, firstSeen, lastSeen, mints, lastToken, signals };
  }

  save(who: Who, person: Person): void {
    const { lastToken } = person;
    this.#statements.run('save-person', [
      ...this.#keyOf(who),
      person.classNumber,
      person.tenantNumber,
      person.mask,
      person.firstSeen,
      person.lastSeen,
      person.mints,
      lastToken?.issuedAt ?? null,
      lastToken?.lifeSeconds ?? null,
      lastToken?.ordinal ?? null,
      lastToken?.policyMark ?? null,
      ...SIGNALS.map((_, position) => person.signals[position] ?? null),
    ]);
  }

  #keyOf(who: Who): Value[] {
    return [this.#service, this.#month, who.bucket, who.identity];
  }
}
