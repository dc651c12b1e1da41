import type { Ledger } from '../ledger.ts';
import { openDatabase } from './open-database.ts';
import { SqliteLedger } from './sqlite-ledger.ts';

export interface SqliteLedgerOptions {
  /** The ledger's file, made with its folder when missing; `:memory:` for one that ends with the process. */
  path: string;
}

/**
 * Opens the embedded ledger: one node, one process, one disk. What it acknowledged survives the end of the
 * process and of the machine.
 *
 * @throws GatewayError `ledger-unavailable` when another gateway has the file, when a newer version wrote it, or
 *   when it cannot be opened
 */
export function openSqliteLedger(options: SqliteLedgerOptions): Ledger {
  return new SqliteLedger(openDatabase(options.path));
}
