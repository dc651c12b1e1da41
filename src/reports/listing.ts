import { setImmediate as letOthersRun } from 'node:timers/promises';
import type { Page, PageRequest } from '../ledger/page.ts';
import type { PageCursor } from './page-cursor.ts';

/** Rows read from the ledger at a time; a page takes the ledger about a millisecond and stays far below its 10 ms. */
const READ_ROWS = 1_000;

/** An ordered set of rows in the ledger and the part of it that is asked for. */
export interface Listing<Item> {
  read(page: PageRequest): Promise<Page<Item>>;
  /** Null asks for every row. */
  matches: ((item: Item) => boolean) | null;
  /** Names an item within the order. */
  markOf(item: Item): string;
  /** Whether the item stands behind the marked one in the ledger's order. */
  isBehind(item: Item, mark: string): boolean;
}

/** Up to `limit` matching rows; `next` is null when the listing ends there, so that no last page is empty. */
export async function collectPage<Item>(
  listing: Listing<Item>,
  cursor: PageCursor,
  limit: number,
): Promise<{ items: Item[]; next: PageCursor | null }> {
  const { matches } = listing;
  const items: Item[] = [];
  let { position, after } = cursor;
  for (;;) {
    const page = await listing.read({
      after: position,
      limit: matches ? READ_ROWS : Math.min(limit, READ_ROWS),
    });
    for (const item of page.items) {
      if (after !== null && !listing.isBehind(item, after)) continue;
      if (matches && !matches(item)) continue;
      const last = items.at(-1);
      if (items.length === limit && last !== undefined) {
        return { items, next: { position, after: listing.markOf(last) } };
      }
      items.push(item);
    }
    if (page.next === null) return { items, next: null };
    position = page.next;
    after = null;
    if (items.length === limit) {
      const ends = await isEnd(listing, position);
      return { items, next: ends ? null : { position, after } };
    }
    // The embedded ledger answers without ever leaving the process: without this, a rare match in a large
    // month would keep every other request waiting.
    await letOthersRun();
  }
}

async function isEnd<Item>(listing: Listing<Item>, position: string): Promise<boolean> {
  const { items } = await listing.read({ after: position, limit: 1 });
  return items.length === 0;
}

/** What {@link readAll} needs of a listing. */
type ReadableListing<Item> = Pick<Listing<Item>, 'read' | 'matches'>;

/**
 * Every matching row, a ledger page at a time; holds two pages at most, since the next one is on its way while this one
 * is worked on.
 */
export function readAll<Item>(listing: ReadableListing<Item>): AsyncGenerator<Item[], void, undefined> {
  return readOn(listing, null);
}

/** The same from a cursor on. */
export async function* readFrom<Item>(
  listing: Listing<Item>,
  { position, after }: PageCursor,
): AsyncGenerator<Item[], void, undefined> {
  let mark = after;
  for await (const items of readOn(listing, position)) {
    // The marked item can only stand in the first page, but that one may end before it.
    const behind = mark === null ? items : items.filter((item) => listing.isBehind(item, mark ?? ''));
    if (behind.length > 0) mark = null;
    yield behind;
  }
}

async function* readOn<Item>(
  listing: ReadableListing<Item>,
  position: string | null,
): AsyncGenerator<Item[], void, undefined> {
  const { matches } = listing;
  let reading: Promise<Page<Item>> | null = readAhead(listing, position);
  while (reading !== null) {
    const page: Page<Item> = await reading;
    reading = page.next === null ? null : readAhead(listing, page.next);
    yield matches ? page.items.filter(matches) : page.items;
    await letOthersRun();
  }
}

function readAhead<Item>(listing: ReadableListing<Item>, after: string | null): Promise<Page<Item>> {
  const reading = listing.read({ after, limit: READ_ROWS, loose: true });
  // Whoever waits for the page is told; but nobody may wait for it any more.
  reading.catch(() => {});
  return reading;
}

/**
 * Takes every row of the ledger in turn, for reports over a whole month.
 *
 * @throws what `signal` was aborted with
 */
export async function forEachRow<Item>(
  read: (page: PageRequest) => Promise<Page<Item>>,
  signal: AbortSignal,
  take: (item: Item) => void,
): Promise<void> {
  signal.throwIfAborted();
  for await (const items of readAll({ read, matches: null })) {
    signal.throwIfAborted();
    for (const item of items) take(item);
  }
}
