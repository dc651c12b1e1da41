import { type Month, monthStartSeconds } from '../../../domain/month.ts';
import { BUCKETS } from '../../buckets.ts';
import type { Walked } from '../../retention.ts';
import { createServiceKeys } from '../keys.ts';
import type { PageSource } from '../pages.ts';

/** Some 2 ms of Redis: each may be a node of the stream, which is freed at once. */
const ENTRIES_PER_CALL = 1_000;
/** Keys freed in one call, some 1 ms. */
const BUCKETS_PER_CALL = 512;
/** Buckets offered to one call of `sweep-n.lua`, which ends earlier where they hold much. */
const SWEPT_PER_CALL = 64;

type Source = Pick<PageSource, 'client' | 'prefix' | 'service'>;

/** Takes entries off the mint log whose rows are all of ordinals up to `upTo`. */
export async function trimMints(
  { client, prefix, service }: Source,
  month: Month,
  upTo: number,
): Promise<boolean> {
  const { mints } = createServiceKeys(prefix, service);
  // Whole nodes first, so many at a time; what is left of a node then goes exactly.
  const below = `${upTo + 1}-0`;
  const gone = await client.xtrim(mints(month), 'MINID', '~', below, 'LIMIT', ENTRIES_PER_CALL);
  if (gone > 0) return false;
  await client.xtrim(mints(month), 'MINID', '=', below);
  return true;
}

/**
 * Deletes buckets. Their bits of the index go at the very end, so that a walk that broke off finds them again, and so does
 * what is known of replayed journals, which nothing can be counted twice by any more.
 */
export async function trimPeople(
  { client, prefix, service }: Source,
  month: Month,
  after: string | null,
): Promise<Walked> {
  const keys = createServiceKeys(prefix, service);
  const from = Number(after ?? 0);
  const to = Math.min(BUCKETS, from + BUCKETS_PER_CALL);
  const buckets = Array.from({ length: to - from }, (_, place) => keys.people(month, from + place));
  await client.unlink(...buckets);
  if (to < BUCKETS) return { next: String(to) };
  await client.unlink(keys.index(month), keys.replayed(month));
  return { next: null };
}

export async function trimConversations(
  { client, prefix, service }: Source,
  month: Month,
  after: string | null,
): Promise<Walked> {
  const keys = createServiceKeys(prefix, service);
  const from = Number(after ?? 0);
  const to = Math.min(BUCKETS, from + SWEPT_PER_CALL);
  const buckets = Array.from({ length: to - from }, (_, place) => keys.conversations(from + place));
  const looked = await client.sweep(buckets.length, ...buckets, monthsSince1970(month));
  const next = from + looked;
  return { next: next < BUCKETS ? String(next) : null };
}

function monthsSince1970(month: Month): number {
  const date = new Date(monthStartSeconds(month) * 1000);
  return (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
}
