import type { NameRow } from '../contract/identity-lookup.ts';
import type { ExportTable } from './export-formats.ts';

const COLUMNS = ['subject', 'issuer', 'own', 'identity', 'class', 'line'] as const;
const MONTH_COLUMNS = ['counted', 'firstSeen', 'lastSeen', 'mints', 'signals'] as const;

/** People of a list with their identities, as a file; new columns only at the end. */
export function nameTable({ ofMonth }: { ofMonth: boolean }): ExportTable<NameRow, NameRow> {
  const columns = ofMonth ? [...COLUMNS, ...MONTH_COLUMNS] : COLUMNS;
  return { columns, cells: (row) => columns.map((column) => cellOf(row[column])), row: (row) => row };
}

function cellOf(value: NameRow[keyof NameRow]): string | number {
  if (typeof value === 'number') return value;
  return Array.isArray(value) ? value.join('|') : String(value ?? '');
}
