import { LRUCache } from 'lru-cache';
import type { ServiceName } from '../../domain/service-name.ts';
import type { Statements } from './statements.ts';

/** Tenants may be many; the other names never fill this. */
const REMEMBERED = 100_000;

/**
 * Small numbers for the names that repeat in every row: services, classes, tenants, intents, rules, refusal
 * codes. A number stays with its name for good.
 *
 * Kept as JSON text, because the binding ends a text at its first NUL and a tenant may come from a claim.
 */
export class Names {
  readonly #statements: Pick<Statements, 'get'>;
  readonly #numbers: LRUCache<string, number>;
  readonly #names: LRUCache<number, string>;

  /** @param rememberedMax names, each way; others are looked up again */
  constructor(statements: Pick<Statements, 'get'>, rememberedMax = REMEMBERED) {
    this.#statements = statements;
    this.#numbers = new LRUCache({ max: rememberedMax });
    this.#names = new LRUCache({ max: rememberedMax });
  }

  /** The name's number; the first call for a name gives it one, so call it inside a transaction. */
  numberOf(name: string): number {
    const known = this.find(name);
    if (known !== null) return known;
    const [number] = this.#statements.get<[number]>('add-name', [JSON.stringify(name)]) as [number];
    return this.#remember(name, number);
  }

  /** The name's number, or null when it was never used: then nothing in the ledger has it. */
  find(name: string): number | null {
    const cached = this.#numbers.get(name);
    if (cached !== undefined) return cached;
    const row = this.#statements.get<[number]>('find-name', [JSON.stringify(name)]);
    return row ? this.#remember(name, row[0]) : null;
  }

  /** The service's number, or for one that was never used a number that no row has. */
  findService(service: ServiceName): number {
    return this.find(service) ?? 0;
  }

  nameOf(number: number): string {
    const cached = this.#names.get(number);
    if (cached !== undefined) return cached;
    const row = this.#statements.get<[string]>('name-of', [number]);
    if (!row) throw new Error(`the ledger has no name with number ${number}`);
    const name = JSON.parse(row[0]) as string;
    this.#remember(name, number);
    return name;
  }

  /** For a transaction that was rolled back: the numbers it gave exist no more. */
  forget(): void {
    this.#numbers.clear();
    this.#names.clear();
  }

  #remember(name: string, number: number): number {
    this.#numbers.set(name, number);
    this.#names.set(number, name);
    return number;
  }
}
