import { monthOf } from '../../../domain/month.ts';
import { bucketOf } from '../../buckets.ts';
import { createServiceKeys } from '../keys.ts';
import type { PageSource } from '../pages.ts';
import type { Copies } from './copies.ts';
import type { Pulse } from './read-pulse.ts';
import type { Watched } from './watched.ts';

/** Where a packed record has the number of its last mint; see `lua/includes/record.lua`. */
const ORDINAL_AT = 6;
const ORDINAL_BYTES = 4;

/**
 * Whether another server than before lacks the mint that this process saw counted last. A store that lost any of its mints
 * lacks that one, also when others have minted since, so that the numbers alone show nothing. Asked once for each mint.
 */
export async function lacksLastMint(
  { client, prefix, service }: PageSource,
  { restoring, hold, coverage }: Watched,
  copies: Copies,
  pulse: Pulse,
): Promise<boolean> {
  if (restoring !== null || !hold.isOther(pulse.server.name)) return false;
  const { order } = copies;
  const last = copies.lastMinted(service, coverage.doubtfulFrom(pulse));
  if (last === null) return false;
  const { identity, issuedAt, ordinal } = last;
  const bucket = createServiceKeys(prefix, service).people(monthOf(issuedAt * 1000), bucketOf(identity));
  const record = await client.hgetBuffer(bucket, identity);
  coverage.settled(order);
  if (record === null) return true;
  return record.length >= ORDINAL_AT + ORDINAL_BYTES && record.readUInt32LE(ORDINAL_AT) < ordinal;
}
