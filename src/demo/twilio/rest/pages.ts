import { type FakeAnswer, fakeError } from './answers.ts';

export interface FakeList {
  /** Name of the list in the answer. */
  key: string;
  items: readonly object[];
  url: URL;
  /** The most that a page may hold; 50 unless told. */
  sizeMax?: number;
}

interface Cut {
  size: number;
  page: number;
  start: number;
  shown: readonly object[];
  /** Token of the next page, null at the end. */
  next: string | null;
}

const SIZE = 50;
const TOKEN = /^PT([0-9a-z]+)$/;

/**
 * One page of a list of the Conversations API: `meta` names the list's key and the pages beside it. Its address leads to
 * the next page only with the token that goes with it.
 */
export function fakePage({ key, items, url, sizeMax = SIZE }: FakeList): FakeAnswer {
  const cut = cutPage(items, url, sizeMax);
  if ('status' in cut) return cut;
  const address = (page: number, token: string | null) =>
    `https://conversations.twilio.com${to(url, cut.size, page, token)}`;
  const meta = {
    page: cut.page,
    page_size: cut.size,
    first_page_url: address(0, null),
    previous_page_url:
      cut.page > 0 ? address(cut.page - 1, tokenOf(Math.max(0, cut.start - cut.size))) : null,
    url: address(cut.page, url.searchParams.get('PageToken')),
    next_page_url: cut.next === null ? null : address(cut.page + 1, cut.next),
    key,
  };
  return { status: 200, body: { [key]: cut.shown, meta } };
}

/** One page of a list of the older API at api.twilio.com, whose addresses have no host. */
export function fakeOldPage({ key, items, url, sizeMax = 1000 }: FakeList): FakeAnswer {
  const cut = cutPage(items, url, sizeMax);
  if ('status' in cut) return cut;
  const body = {
    [key]: cut.shown,
    first_page_uri: to(url, cut.size, 0, null),
    next_page_uri: cut.next === null ? null : to(url, cut.size, cut.page + 1, cut.next),
    previous_page_uri:
      cut.page > 0 ? to(url, cut.size, cut.page - 1, tokenOf(Math.max(0, cut.start - cut.size))) : null,
    uri: to(url, cut.size, cut.page, url.searchParams.get('PageToken')),
    page: cut.page,
    page_size: cut.size,
    start: cut.start,
    end: Math.max(cut.start, cut.start + cut.shown.length - 1),
  };
  return { status: 200, body };
}

function cutPage(items: readonly object[], url: URL, sizeMax: number): Cut | FakeAnswer {
  const query = url.searchParams;
  const size = Number(query.get('PageSize') ?? SIZE);
  if (!Number.isInteger(size) || size < 1 || size > sizeMax) {
    return fakeError(400, 20001, `Page size must be between 1 and ${sizeMax}`);
  }
  const page = Number(query.get('Page') ?? 0);
  const token = query.get('PageToken');
  const match = TOKEN.exec(token ?? 'PT0');
  if (match === null || (page > 0 && token === null)) return fakeError(400, 20006, 'Invalid page token');
  const start = Number.parseInt(match[1] ?? '0', 36);
  const shown = items.slice(start, start + size);
  return { size, page, start, shown, next: start + size < items.length ? tokenOf(start + size) : null };
}

function tokenOf(start: number): string {
  return `PT${start.toString(36)}`;
}

function to(url: URL, size: number, page: number, token: string | null): string {
  const other = new URL(url);
  other.searchParams.set('PageSize', String(size));
  other.searchParams.set('Page', String(page));
  other.searchParams.delete('PageToken');
  if (token !== null) other.searchParams.set('PageToken', token);
  return `${other.pathname}${other.search}`;
}
