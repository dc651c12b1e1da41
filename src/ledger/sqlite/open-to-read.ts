import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import type { Ledger } from '../ledger.ts';
import { APPLICATION_ID, SCHEMA_VERSION } from './migrate.ts';
import { openSqliteLedger } from './open-sqlite-ledger.ts';

/**
 * Why a file was not opened. `missing`: there is none yet. `in-use`: another process has it. `other-schema`: an earlier or
 * later version wrote it. `foreign`: no ledger at all.
 */
export type LedgerFileState = 'missing' | 'in-use' | 'other-schema' | 'foreign';

/** Of SQLite's header: https://www.sqlite.org/fileformat2.html#the_database_header */
const HEADER_BYTES = 100;
const USER_VERSION_AT = 60;
const APPLICATION_ID_AT = 68;

/**
 * Opens a ledger's file only where that changes nothing: it is not made, and not brought to another schema. For a process
 * that has no ledger open itself: the look at the header would let go of that one's lock.
 *
 * @throws GatewayError `ledger-unavailable` when it cannot be read
 */
export function openSqliteLedgerToRead(path: string): Ledger | LedgerFileState {
  if (!existsSync(path)) return 'missing';
  const header = readHeader(path);
  if (header === null || header.readUInt32BE(APPLICATION_ID_AT) !== APPLICATION_ID) return 'foreign';
  if (header.readUInt32BE(USER_VERSION_AT) !== SCHEMA_VERSION) return 'other-schema';
  try {
    return openSqliteLedger({ path });
  } catch (error) {
    if (isBusy(error)) return 'in-use';
    throw error;
  }
}

function isBusy(error: unknown): boolean {
  const { cause } = (error ?? {}) as { cause?: { code?: unknown } };
  return String(cause?.code ?? '').startsWith('SQLITE_BUSY');
}

function readHeader(path: string): Buffer | null {
  const header = Buffer.alloc(HEADER_BYTES);
  const descriptor = openSync(path, 'r');
  try {
    return readSync(descriptor, header, 0, HEADER_BYTES, 0) === HEADER_BYTES ? header : null;
  } finally {
    closeSync(descriptor);
  }
}
