import { readFileSync } from 'node:fs';
import type Database from 'libsql';

const STATEMENTS = [
  'add-adoption',
  'add-alert',
  'add-audit',
  'add-block',
  'add-limit-version',
  'add-merge',
  'add-mint',
  'add-name',
  'add-paper',
  'add-raise',
  'add-spike',
  'add-to-answers',
  'add-to-arrivals',
  'add-to-mask',
  'add-to-month',
  'add-to-tenant',
  'arrivals-in-hour',
  'block-of',
  'bonds-of',
  'budget-of',
  'clock',
  'conversations-after',
  'due-deliveries',
  'find-name',
  'find-paper',
  'find-person',
  'first-mint',
  'forget-answers',
  'forget-conversation',
  'forget-conversation-months',
  'forget-membership',
  'forget-replayed',
  'freeze-of',
  'has-people',
  'has-person',
  'horizon-of',
  'is-crowded',
  'keep-answer',
  'keep-paper',
  'kept-answer',
  'lease-delivery',
  'limit-version-of',
  'mark-conversation',
  'mark-member',
  'mark-month',
  'mark-of',
  'memberships-of',
  'merged-with',
  'name-of',
  'name-target',
  'offer-alerts',
  'oldest-membership',
  'operator-budget-of',
  'raise-conversations',
  'raise-horizon',
  'read-alerts',
  'read-answers',
  'read-arrivals',
  'read-audit',
  'read-conversation-count',
  'read-deliveries',
  'read-marks',
  'read-masks',
  'read-merges',
  'read-mints',
  'read-month',
  'read-months',
  'read-papers',
  'read-people',
  'read-raises',
  'read-setting',
  'read-tenants',
  'read-unread',
  'release-identity',
  'remove-adoption',
  'remove-block',
  'remove-crowded',
  'remove-links',
  'remove-memberships',
  'remove-raise',
  'rename-in-mints',
  'rename-merged',
  'rename-person',
  'replayed-to',
  'restore-mint',
  'save-person',
  'set-budget',
  'set-crowded',
  'set-freeze',
  'set-link',
  'set-mark',
  'set-operator-budget',
  'set-replayed',
  'settle-delivery',
  'trim-mints',
  'trim-people',
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
