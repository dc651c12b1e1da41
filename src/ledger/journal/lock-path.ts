import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'libsql';
import { JournalUnusable } from './journal-unusable.ts';

/** A gateway that is just stopping may take this long to let go. */
const BUSY_TIMEOUT_MS = 1_000;

/**
 * Holds a path, whose folder is made when missing, for this process alone, and answers how to let go of it. The lock ends with the process, however that
 * ends.
 *
 * Node has no file locks of its own. SQLite's are the kernel's: they leave nothing stale behind, and hold between
 * containers that share a disk, where the number of a process says nothing.
 */
export function lockPath(path: string): () => void {
  let database: Database.Database | null = null;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    database = new Database(`${path}.lock`, { timeout: BUSY_TIMEOUT_MS });
    // Never committed: the transaction is the lock.
    database.exec('BEGIN EXCLUSIVE');
    const held = database;
    return () => void held.close();
  } catch (error) {
    database?.close();
    const busy = error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY');
    const detail = busy ? 'another gateway uses it' : `its lock cannot be had: ${String(error)}`;
    throw new JournalUnusable(path, detail, { cause: error });
  }
}
