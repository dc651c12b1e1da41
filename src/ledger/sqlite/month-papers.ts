import type { Month } from '../../domain/month.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import type { MonthDocument } from '../month-documents.ts';
import type { Books } from './books.ts';
import { monthNumber } from './month-number.ts';

/** Documents of a month whose name begins with `beginning`, in the order of names. */
export function readDocuments(
  { names, statements }: Books,
  service: ServiceName,
  month: Month,
  beginning: string,
): MonthDocument[] {
  const key = [names.findService(service), monthNumber(month), beginning] as const;
  return statements
    .all<[name: string, text: string]>('read-papers', key)
    .map(([name, text]) => ({ name, text }));
}

/** The text under a name, null when there is none. */
export function findDocument(
  { names, statements }: Books,
  service: ServiceName,
  month: Month,
  name: string,
): string | null {
  const key = [names.findService(service), monthNumber(month), name] as const;
  return statements.get<[string]>('find-paper', key)?.[0] ?? null;
}

/** Inside a transaction. Answers whether it was kept: `expected` undefined is whatever stands there, null nothing. */
export function keepDocument(
  { names, statements }: Books,
  service: ServiceName,
  month: Month,
  { name, text }: MonthDocument,
  expected: string | null | undefined,
): boolean {
  const key = [names.numberOf(service), monthNumber(month), name] as const;
  if (expected !== undefined) {
    const present = statements.get<[string]>('find-paper', key)?.[0] ?? null;
    if (present !== expected) return false;
  }
  statements.run('keep-paper', [...key, text]);
  return true;
}
