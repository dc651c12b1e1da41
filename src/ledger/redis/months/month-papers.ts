import type { Month } from '../../../domain/month.ts';
import type { MonthDocument } from '../../month-documents.ts';
import { readLasting } from '../connection/read-lasting.ts';
import { createServiceKeys } from '../keys.ts';
import type { PageSource } from '../pages.ts';

type Source = Pick<PageSource, 'client' | 'prefix' | 'service'>;

/** Documents of a month whose name begins with `beginning`, in the order of names. */
export async function readDocuments(
  { client, prefix, service }: Source,
  month: Month,
  beginning: string,
): Promise<MonthDocument[]> {
  const papers = await client.hgetall(createServiceKeys(prefix, service).papers(month));
  return Object.entries(papers)
    .filter(([name]) => name.startsWith(beginning))
    .sort(([one], [two]) => (one < two ? -1 : 1))
    .map(([name, text]) => ({ name, text }));
}

export function readLastingDocument(source: PageSource, month: Month, name: string): Promise<string | null> {
  return readLasting(source, createServiceKeys(source.prefix, source.service).papers(month), name);
}

/** Answers whether it was kept: `expected` undefined is whatever stands there, null nothing. */
export async function keepDocument(
  { client, prefix, service }: Source,
  month: Month,
  { name, text }: MonthDocument,
  expected: string | null | undefined,
): Promise<boolean> {
  const { papers } = createServiceKeys(prefix, service);
  const rule = expected === undefined ? 'any' : expected === null ? 'none' : 'same';
  return (await client.keep(papers(month), name, text, rule, expected ?? '')) === 'kept';
}
