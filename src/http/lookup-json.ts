import type { IdentityLookupAnswer, NameRow } from '../contract/identity-lookup.ts';

/** The JSON answer, piece by piece: nothing before the first page was read, then a row a line. */
export async function* lookupJson(
  { service, month, rows }: Omit<IdentityLookupAnswer, 'items'>,
  pages: AsyncIterable<NameRow[]>,
): AsyncGenerator<string, void, undefined> {
  let before = `${JSON.stringify({ service, month, rows }).slice(0, -1)},"items":[`;
  for await (const page of pages) {
    let text = '';
    for (const row of page) {
      text += `${before}\n${JSON.stringify(row)}`;
      before = ',';
    }
    if (text !== '') yield text;
  }
  yield before === ',' ? '\n]}' : `${before}]}`;
}
