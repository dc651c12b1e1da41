import { readFileSync } from 'node:fs';
import type Database from 'libsql';
import { GatewayError } from '../../domain/gateway-error.ts';

/** Append only: a file's place in this list is the schema version it leads to. */
const MIGRATIONS = [
  '0001-ledger',
  '0002-guard',
  '0003-conversations',
  '0004-month-book',
  '0005-replayed',
  '0006-read-horizon',
  '0007-told-by-others',
  '0008-alert-targets',
] as const;

/** The schema that this version of the program works with. */
export const SCHEMA_VERSION = MIGRATIONS.length;

/** `MAUG`, so that another program's file is not taken for a ledger. */
export const APPLICATION_ID = 0x4d415547;

/**
 * Brings the schema to this version's, each step in a transaction of its own.
 *
 * @throws GatewayError when the file is of a newer version, or no ledger at all; it is left as it was
 */
export function migrate(database: Database.Database, path: string): void {
  const version = readNumber(database, 'PRAGMA user_version');
  const isEmpty = readNumber(database, 'SELECT count(*) FROM sqlite_schema') === 0;
  if (!isEmpty && readNumber(database, 'PRAGMA application_id') !== APPLICATION_ID) {
    throw new GatewayError(
      'ledger-unavailable',
      `${path} is a database of something else, not a mau-guard ledger`,
    );
  }
  if (version > MIGRATIONS.length) {
    throw new GatewayError(
      'ledger-unavailable',
      `the ledger ${path} has schema ${version}, this version of mau-guard knows ${MIGRATIONS.length}: run the newer version`,
    );
  }
  for (const [position, name] of MIGRATIONS.entries()) {
    if (position >= version) applyMigration(database, name, position + 1);
  }
}

function applyMigration(database: Database.Database, name: string, version: number): void {
  const sql = readFileSync(new URL(`./sql/migrations/${name}.sql`, import.meta.url), 'utf8');
  database.exec('BEGIN EXCLUSIVE');
  try {
    database.exec(sql);
    database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${version}`);
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

function readNumber(database: Database.Database, sql: string): number {
  const [value] = database.prepare(sql).raw().get() as [number];
  return value;
}
