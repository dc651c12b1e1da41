import type { PriceTable } from '../domain/price-table.ts';
import { readPriceTable } from './build-reckoning.ts';
import type { ConfigFault } from './config-fault.ts';
import type { EnvironmentInput } from './environment-input.ts';
import { createFindings } from './findings.ts';

/**
 * One price table, by shipped name or by the path of a file.
 *
 * @param where the name was given, as a fault names it
 */
export function loadPriceTable(
  named: string,
  where: string,
  disk: Pick<EnvironmentInput, 'cwd' | 'readFile'>,
): { ok: true; table: PriceTable } | { ok: false; faults: ConfigFault[] } {
  const findings = createFindings();
  const table = readPriceTable(named, { where }, disk, findings);
  return table === null ? { ok: false, faults: [...findings.faults] } : { ok: true, table };
}
