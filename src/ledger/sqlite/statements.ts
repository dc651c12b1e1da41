import { readFileSync } from 'node:fs';
import type Database from 'libsql';

const STATEMENTS = [
  'add-block',
  'add-mint',
  'add-name',
  'add-to-answers',
  'add-to-arrivals',
  'add-to-mask',
  'add-to-month',
  'add-to-tenant',
  'block-of',
  'budget-of',
  'clock',
  'find-name',
  'find-person',
  'freeze-of',
  'has-person',
  'link-of',
  'name-of',
  'read-answers',
  'read-arrivals',
  'read-masks',
  'read-mints',
  'read-month',
  'read-months',
  'read-people',
  'read-setting',
  'read-tenants',
  'remove-block',
  'save-person',
  'set-budget',
  'set-freeze',
  'set-link',
  'used-by-class',
  'used-by-tenant',
  'write-setting',
] as const;

/** A file of `sql/`, without its ending. */
export type StatementName = (typeof STATEMENTS)[number];

export type Value = string | number | null;

/**
 * Every statement of the ledger, prepared once. Rows come as arrays in the order of the statement's columns:
 * measured more than twice as fast as objects.
 */
export class Statements {
  readonly #prepared: Record<StatementName, Database.Statement>;

  constructor(database: Database.Database) {
    const entries = STATEMENTS.map((name) => {
      const statement = database.prepare(readSql(name));
      return [name, statement.reader ? statement.raw() : statement] as const;
    });
    this.#prepared = Object.fromEntries(entries) as Record<StatementName, Database.Statement>;
  }

  run(name: StatementName, values: readonly Value[]): void {
    this.#prepared[name].run(values);
  }

  /** The first row, or undefined. `Row` is the tuple that the statement's file promises. */
  get<Row extends readonly Value[]>(name: StatementName, values: readonly Value[]): Row | undefined {
    return this.#prepared[name].get(values) as Row | undefined;
  }

  all<Row extends readonly Value[]>(name: StatementName, values: readonly Value[]): Row[] {
    return this.#prepared[name].all(values) as Row[];
  }
}

function readSql(name: StatementName): string {
  return readFileSync(new URL(`./sql/${name}.sql`, import.meta.url), 'utf8');
}
