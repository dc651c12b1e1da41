import { chmodSync, closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import Database from 'libsql';
import { GatewayError } from '../../domain/gateway-error.ts';
import { migrate } from './migrate.ts';
import { toLedgerError } from './to-ledger-error.ts';

/** A gateway that is just stopping may take this long to let go of the file. */
const BUSY_TIMEOUT_MS = 1_000;
/** Page cache in KiB: the people of a month of a quarter million; more would show in the memory of a first export. */
const CACHE_KIB = 32_768;

/**
 * Opens the file, alone: the lock is held from here to {@link closeDatabase} and ends with the process, however
 * that ends. One process only: it keeps the numbers of names in memory, and WAL without a shared index is faster.
 *
 * @param path file, made with its folder when missing; or `:memory:`
 */
export function openDatabase(path: string): Database.Database {
  const isFile = path !== ':memory:';
  const file = isFile ? resolve(path) : path;
  let database: Database.Database | null = null;
  try {
    if (isFile) makePrivateFile(file);
    database = new Database(file, { timeout: BUSY_TIMEOUT_MS });
    // The order matters: exclusive before anything is read, or WAL would need its shared index; the lock before
    // the schema is looked at; WAL only in a file that is known to be ours.
    database.exec('PRAGMA locking_mode = EXCLUSIVE');
    database.exec('BEGIN EXCLUSIVE; COMMIT');
    migrate(database, file);
    database.exec('PRAGMA journal_mode = WAL');
    database.exec('PRAGMA synchronous = FULL');
    // Checkpoints stay at SQLite's 1,000 pages: in a month of a million people 8,192 gave a fifth more mints a
    // second, but made the unlucky one wait 110 ms instead of 30.
    database.exec(`PRAGMA cache_size = -${CACHE_KIB}`);
    return database;
  } catch (error) {
    if (isBusy(error)) {
      database?.close();
      throw new GatewayError('ledger-unavailable', `another gateway uses this ledger: ${file}`, {
        cause: error,
      });
    }
    if (database) closeDatabase(database);
    throw toLedgerError(error);
  }
}

/** Lets go of the file and leaves one plain database without a log beside it. Never throws. */
export function closeDatabase(database: Database.Database): void {
  try {
    // The binding keeps the file open until its statements are garbage; the lock must not wait for that.
    database.exec('PRAGMA journal_mode = DELETE');
    database.exec('PRAGMA locking_mode = NORMAL');
    database.prepare('SELECT count(*) FROM sqlite_schema').all();
  } catch {
    // Not ours or broken: everything committed is in the file and its log all the same.
  }
  database.close();
}

/**
 * The ledger holds who chats when: nobody but the gateway's own user may read it. The log inherits the mode.
 *
 * A file that is there is never opened and closed here: POSIX ends all locks of a process on a file when it closes
 * any descriptor of it, also those of a ledger that is open already.
 */
function makePrivateFile(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  if (existsSync(file)) chmodSync(file, 0o600);
  else closeSync(openSync(file, 'wx', 0o600));
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY');
}
