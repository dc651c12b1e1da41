import type { PageSource } from '../pages.ts';

/**
 * Reads a text that tells somebody that what they ask for was done before. The write of it may have been answered by a
 * failure, since too few replicas had it, and they may lack it still: so the text is as safe as one that is written now.
 *
 * @param field of the HASH under the key; null: it is a STRING
 */
export function readLasting(
  { client, writes }: Pick<PageSource, 'client' | 'writes'>,
  key: string,
  field: string | null = null,
): Promise<string | null> {
  if (waitsForNobody(writes, client)) return field === null ? client.get(key) : client.hget(key, field);
  return writes.reread(key, field ?? '');
}

/** See `acknowledgeWrites`. A server that takes no writes at the moment can be read all the same. */
function waitsForNobody(writes: PageSource['writes'], client: PageSource['client']): boolean {
  return writes === client;
}
