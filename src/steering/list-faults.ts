import { amountOf } from '../domain/amount-of.ts';
import type { InputFault } from '../domain/refusal.ts';
import type { ImportFault } from './import-rows.ts';

/** Faults of a list that are told at once; a file of another kind has one in each line. */
export const FAULTS_LISTED_MAX = 1_000;

/** Lines a list may have in one request. */
export const LIST_ROWS_MAX = 100_000;

/** Faults of lines as the API tells them. */
export function toInputFaults(faults: readonly ImportFault[]): InputFault[] {
  return faults.map(({ line, column, detail }) => ({
    pointer: column === null ? `line ${line}` : `line ${line}, ${column}`,
    detail,
  }));
}

/** How many, and how many of them are listed. */
export function countFaults(total: number, listed: number): string {
  const words = listed < total ? `; the first ${listed.toLocaleString('en-US')} are listed` : '';
  return `The file has ${amountOf(total, 'fault')}${words}.`;
}
