import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Page, PageRequest } from '../../src/ledger/page.ts';
import { collectPage, type Listing, readAll } from '../../src/reports/listing.ts';
import { FIRST_PAGE, type PageCursor } from '../../src/reports/page-cursor.ts';

interface Counted extends Listing<number> {
  reads: PageRequest[];
}

/** The numbers 1 to `length`, read in pages of at most `rowsMax` as a ledger may choose to. */
function numbers(length: number, divisor: number | null, rowsMax = 1_000): Counted {
  const reads: PageRequest[] = [];
  return {
    reads,
    async read(page): Promise<Page<number>> {
      reads.push(page);
      const from = page.after === null ? 0 : Number(page.after);
      const count = Math.min(page.limit, rowsMax, length - from);
      const items = Array.from({ length: Math.max(0, count) }, (_, index) => from + index + 1);
      // Like a store that only sees that the page is full, this says `next` also at the very end.
      const full = items.length === Math.min(page.limit, rowsMax);
      return { items, next: full ? String(from + items.length) : null };
    },
    matches: divisor === null ? null : (item) => item % divisor === 0,
    markOf: String,
    isBehind: (item, mark) => item > Number(mark),
  };
}

async function collectAll(listing: Listing<number>, limit: number): Promise<number[][]> {
  const pages: number[][] = [];
  let cursor: PageCursor | null = FIRST_PAGE;
  while (cursor !== null) {
    const page: { items: number[]; next: PageCursor | null } = await collectPage(listing, cursor, limit);
    pages.push(page.items);
    cursor = page.next;
  }
  return pages;
}

describe('pages of a listing', () => {
  it('are full but for the last, in order, without gap or repetition, whatever filter and limit', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 3_000 }),
        fc.option(fc.integer({ min: 1, max: 40 })),
        fc.integer({ min: 1, max: 700 }),
        fc.integer({ min: 1, max: 1_500 }),
        async (length, divisor, limit, rowsMax) => {
          const wanted = Array.from({ length }, (_, index) => index + 1).filter(
            (n) => n % (divisor ?? 1) === 0,
          );
          const pages = await collectAll(
            numbers(length, divisor, Math.max(rowsMax, 50)),
            Math.max(limit, 20),
          );
          expect(pages.flat()).toEqual(wanted);
          for (const page of pages.slice(0, -1)) expect(page).toHaveLength(Math.max(limit, 20));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('do not end with an empty one', async () => {
    expect(await collectAll(numbers(200, null), 100)).toHaveLength(2);
    expect(await collectAll(numbers(0, null), 100)).toEqual([[]]);
  });

  it('read no more than asked for without a filter', async () => {
    const listing = numbers(5_000, null);
    await collectPage(listing, FIRST_PAGE, 100);
    expect(listing.reads).toEqual([
      { after: null, limit: 100 },
      { after: '100', limit: 1 },
    ]);
  });

  it('let other requests run between reads of a rare match', async () => {
    let turns = 0;
    const counting = setInterval(() => {
      turns += 1;
    }, 0);
    await collectPage(numbers(400_000, 399_999), FIRST_PAGE, 2);
    clearInterval(counting);
    expect(turns).toBeGreaterThan(1);
  });
});

describe('a listing as a whole', () => {
  it('comes page by page, filtered', async () => {
    const pages: number[][] = [];
    for await (const page of readAll(numbers(2_500, 1_000))) pages.push(page);
    expect(pages).toEqual([[1_000], [2_000], []]);
  });

  it('reads one page ahead and no further, and not at all past the end', async () => {
    const listing = numbers(2_500, null);
    const pages = readAll(listing);
    await pages.next();
    expect(listing.reads.map(({ after }) => after)).toEqual([null, '1000']);
    await pages.next();
    expect(listing.reads.map(({ after }) => after)).toEqual([null, '1000', '2000']);
    while (!(await pages.next()).done);
    expect(listing.reads).toHaveLength(3);
  });

  it('gives every page before the one that could not be read, then its error', async () => {
    const listing = numbers(5_000, null);
    const read = listing.read;
    listing.read = async (page) => {
      if (page.after === '2000') throw new Error('the ledger is away');
      return read(page);
    };
    const pages: number[][] = [];
    const reading = async () => {
      for await (const page of readAll(listing)) pages.push(page);
    };
    await expect(reading()).rejects.toThrow('the ledger is away');
    expect(pages.flat()).toHaveLength(2_000);
  });

  it('may be left while a page is read ahead that fails', async () => {
    const listing = numbers(5_000, null);
    const read = listing.read;
    listing.read = async (page) => {
      if (page.after !== null) throw new Error('the ledger is away');
      return read(page);
    };
    const pages = readAll(listing);
    await pages.next();
    await pages.return();
    // An unhandled rejection would end this process.
    await new Promise((resolve) => setImmediate(resolve));
  });
});
