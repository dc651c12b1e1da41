import type { Person } from './person.ts';
import type { StatementName, Statements } from './statements.ts';

/** Codes of the column `kind` in the table of answers. */
export const ANSWER_KINDS = { minted: 0, reused: 1, refused: 2, shadow: 3, adopted: 4, beacons: 5 } as const;

/**
 * The sums of one service-month inside one transaction. Changes gather here and are written once, by
 * {@link write}; what is asked in between already includes them.
 */
export class MonthCounts {
  readonly #statements: Statements;
  readonly #key: readonly [service: number, month: number];
  readonly #mintedBefore: number;
  readonly #identitiesBefore: number;
  #minted = 0;
  #identities = 0;
  readonly #usedBefore = new Map<string, number>();
  readonly #byClass = new Deltas();
  readonly #masks = new Deltas();
  readonly #tenants = new Deltas();
  readonly #arrivals = new Deltas();
  readonly #answers = new Deltas();

  constructor(statements: Statements, service: number, month: number) {
    this.#statements = statements;
    this.#key = [service, month];
    const row = statements.get<[number, number]>('read-month', this.#key);
    this.#identitiesBefore = row?.[0] ?? 0;
    this.#mintedBefore = row?.[1] ?? 0;
  }

  used(): number {
    return this.#identitiesBefore + this.#identities;
  }

  usedByClass(classNumber: number): number {
    return this.#stored('used-by-class', classNumber) + this.#byClass.of([classNumber]);
  }

  usedByTenant(tenantNumber: number): number {
    return this.#stored('used-by-tenant', tenantNumber) + this.#tenants.of([tenantNumber]);
  }

  /** Identities by tenant. */
  usedByTenants(): Map<number, number> {
    const used = new Map(
      this.#statements.all<[tenant: number, identities: number]>('read-tenants', this.#key),
    );
    for (const { key, amount } of this.#tenants.changed()) {
      const [tenant] = key as [number];
      used.set(tenant, (used.get(tenant) ?? 0) + amount);
    }
    return used;
  }

  /** Newcomers of a class in the UTC hour of an instant of the month. */
  arrivedInHour(classNumber: number, at: number): number {
    const key = [dayOf(at), new Date(at * 1000).getUTCHours(), classNumber];
    return this.#stored('arrivals-in-hour', ...key) + this.#arrivals.of(key);
  }

  /** A person who was not in the month; `hour` and `day` are those of the first instant. */
  countArrival(person: Person): void {
    const first = new Date(person.firstSeen * 1000);
    this.#identities += 1;
    this.#byClass.add([person.classNumber], 1);
    this.#masks.add([person.classNumber, person.mask], 1);
    if (person.tenantNumber !== null) this.#tenants.add([person.tenantNumber], 1);
    this.#arrivals.add([first.getUTCDate(), first.getUTCHours(), person.classNumber], 1);
  }

  /** A known person of whom something earlier than `firstBefore` was seen: days and hours count by first instants. */
  moveArrival({ classNumber, firstSeen }: Person, firstBefore: number): void {
    const [before, first] = [new Date(firstBefore * 1000), new Date(firstSeen * 1000)];
    this.#arrivals.add([before.getUTCDate(), before.getUTCHours(), classNumber], -1);
    this.#arrivals.add([first.getUTCDate(), first.getUTCHours(), classNumber], 1);
  }

  /** A person of the month whose mask was `maskBefore`. */
  countChange(person: Person, maskBefore: number): void {
    if (person.mask === maskBefore) return;
    this.#masks.add([person.classNumber, maskBefore], -1);
    this.#masks.add([person.classNumber, person.mask], 1);
  }

  /** Counts a mint and answers its ordinal in the month. */
  countMint(issuedAt: number): number {
    this.#minted += 1;
    this.#answers.add([dayOf(issuedAt), ANSWER_KINDS.minted, 0], 1);
    return this.#mintedBefore + this.#minted;
  }

  countReuse(at: number): void {
    this.#answers.add([dayOf(at), ANSWER_KINDS.reused, 0], 1);
  }

  countRefusal(codeNumber: number, at: number, amount = 1): void {
    this.#answers.add([dayOf(at), ANSWER_KINDS.refused, codeNumber], amount);
  }

  countAdoption(at: number): void {
    this.#answers.add([dayOf(at), ANSWER_KINDS.adopted, 0], 1);
  }

  /** Counts what a rule would have refused. */
  countShadow(ruleNumber: number, at: number): void {
    this.#answers.add([dayOf(at), ANSWER_KINDS.shadow, ruleNumber], 1);
  }

  countBeacons(beacons: number, at: number): void {
    this.#answers.add([dayOf(at), ANSWER_KINDS.beacons, 0], beacons);
  }

  write(): void {
    if (this.#identities !== 0 || this.#minted !== 0) {
      this.#statements.run('add-to-month', [...this.#key, this.#identities, this.#minted]);
    }
    this.#writeDeltas('add-to-mask', this.#masks);
    this.#writeDeltas('add-to-tenant', this.#tenants);
    this.#writeDeltas('add-to-arrivals', this.#arrivals);
    this.#writeDeltas('add-to-answers', this.#answers);
  }

  #writeDeltas(statement: StatementName, deltas: Deltas): void {
    for (const { key, amount } of deltas.changed()) {
      this.#statements.run(statement, [...this.#key, ...key, amount]);
    }
  }

  #stored(statement: 'used-by-class' | 'used-by-tenant' | 'arrivals-in-hour', ...values: number[]): number {
    const key = `${statement}:${values.join(':')}`;
    let used = this.#usedBefore.get(key);
    if (used === undefined) {
      used = this.#statements.get<[number]>(statement, [...this.#key, ...values])?.[0] ?? 0;
      this.#usedBefore.set(key, used);
    }
    return used;
  }
}

/** Amounts to add, by a key of numbers. */
class Deltas {
  readonly #entries = new Map<string, { key: readonly number[]; amount: number }>();

  add(key: readonly number[], amount: number): void {
    const text = key.join(':');
    const entry = this.#entries.get(text);
    if (entry) entry.amount += amount;
    else this.#entries.set(text, { key, amount });
  }

  of(key: readonly number[]): number {
    return this.#entries.get(key.join(':'))?.amount ?? 0;
  }

  changed(): { key: readonly number[]; amount: number }[] {
    return [...this.#entries.values()].filter(({ amount }) => amount !== 0);
  }
}

/** Day of the month, 1 to 31. */
function dayOf(instant: number): number {
  return new Date(instant * 1000).getUTCDate();
}
