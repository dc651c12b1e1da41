import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createChatGate, pollUnread, TokenSource, type UnreadCount } from '../../src/client/index.ts';
import {
  createFakeBrowser,
  type FakeBrowser,
  type FakeClock,
  installFakeClock,
} from '../../src/client/testing/index.ts';
import { watchPage } from '../../src/client/watch-page.ts';
import { NOW_MS } from './kit.ts';

let clock: FakeClock;
let browser: FakeBrowser;
let unread: UnreadCount;
let requests: { url: string; headers: Record<string, string> }[];
let count: number;
let status: number;
const realFetch = globalThis.fetch;

beforeEach(() => {
  clock = installFakeClock(NOW_MS);
  browser = createFakeBrowser();
  requests = [];
  count = 3;
  status = 200;
  globalThis.fetch = (async (url: string, { headers }: { headers: Record<string, string> }) => {
    requests.push({ url, headers });
    const tag = `"${count}"`;
    if (status !== 200) return new Response('{}', { status, headers: { 'Retry-After': '600' } });
    if (headers['If-None-Match'] === tag) return new Response(null, { status: 304 });
    const body = { unread: count, conversations: [], asOf: '2026-11-20T21:00:00Z' };
    return new Response(JSON.stringify(body), { headers: { ETag: tag } });
  }) as typeof fetch;
  unread = pollUnread(watchPage({}, browser), {
    url: '/v1/me/unread',
    headers: { Authorization: 'Bearer x' },
  });
});

afterEach(() => {
  clock.uninstall();
  globalThis.fetch = realFetch;
});

describe('the unread count', () => {
  it('asks nobody before somebody listens', async () => {
    await clock.advance(3_600_000);
    expect(requests).toEqual([]);
    expect(unread.getSnapshot()).toEqual({ count: null, asOf: null, stale: false });
  });

  it('is told to its listeners, under the app’s login', async () => {
    let told = 0;
    const stop = unread.subscribe(() => {
      told += 1;
    });
    await clock.advance(0);
    expect(unread.getSnapshot()).toEqual({ count: 3, asOf: NOW_MS, stale: false });
    expect([told, requests]).toEqual([1, [{ url: '/v1/me/unread', headers: { Authorization: 'Bearer x' } }]]);
    stop();
    await clock.advance(3_600_000);
    expect(requests.length).toBe(1);
    expect(clock.pending()).toBe(0);
  });

  it('sends the tag along, and asks less and less often while nothing changes', async () => {
    unread.subscribe(() => {});
    await clock.advance(3_600_000);
    expect(requests[1]?.headers['If-None-Match']).toBe('"3"');
    expect(requests.length).toBeGreaterThan(10);
    expect(requests.length).toBeLessThan(22);
    const before = requests.length;
    count = 4;
    await clock.advance(330_000);
    expect(unread.getSnapshot().count).toBe(4);
    await clock.advance(40_000);
    expect(requests.length).toBeGreaterThanOrEqual(before + 2);
  });

  it('is not asked for by a hidden page, and at once by one that is seen again', async () => {
    unread.subscribe(() => {});
    await clock.advance(0);
    browser.hide();
    await clock.advance(3_600_000);
    expect(requests.length).toBe(1);
    browser.show();
    await clock.advance(0);
    expect(requests.length).toBe(2);
  });

  it('grows stale while the gateway is away, and keeps to Retry-After', async () => {
    unread.subscribe(() => {});
    await clock.advance(0);
    status = 503;
    await clock.advance(40_000);
    expect(unread.getSnapshot()).toMatchObject({ count: 3, stale: true });
    const before = requests.length;
    await clock.advance(500_000);
    expect(requests.length).toBe(before);
    status = 200;
    await clock.advance(300_000);
    expect(unread.getSnapshot()).toMatchObject({ count: 3, stale: false });
  });

  it('is not asked for again after a refusal, until the app says so', async () => {
    status = 401;
    unread.subscribe(() => {});
    await clock.advance(3_600_000);
    expect(requests.length).toBe(1);
    status = 200;
    await unread.refresh();
    expect(unread.getSnapshot().count).toBe(3);
  });

  it('of one person is never shown to the next', async () => {
    const seen: (number | null)[] = [];
    unread.subscribe(() => seen.push(unread.getSnapshot().count));
    const late = unread.refresh();
    count = 9;
    unread.reset();
    await late;
    await clock.advance(0);
    expect(seen).toEqual([null, 9]);
  });

  it('goes by the name of who is signed in', async () => {
    let user: string | undefined = 'ada';
    unread = pollUnread(watchPage({}, browser), { url: '/v1/me/unread', user: () => user });
    unread.subscribe(() => {});
    await clock.advance(0);
    expect(unread.getSnapshot().count).toBe(3);
    user = undefined;
    status = 401;
    expect(unread.getSnapshot()).toEqual({ count: null, asOf: null, stale: false });
    browser.press();
    await clock.advance(0);
    expect([requests.length, unread.getSnapshot().count]).toEqual([2, null]);
    user = 'grace';
    status = 200;
    count = 0;
    browser.press();
    await clock.advance(0);
    expect([requests.length, unread.getSnapshot().count]).toEqual([3, 0]);
    expect(requests[2]?.headers).toEqual({});
  });

  it.each([
    ['renews the login of the source', undefined, 2],
    ['with a login of its own renews no other', {}, 1],
  ])('%s', async (_, headers, asked) => {
    status = 401;
    const tokenSource = TokenSource.endpoint('/v1/tokens', { onUnauthorized: async () => true });
    const page = watchPage({}, browser);
    const gate = createChatGate({ tokenSource, page, unread: { url: '/v1/me/unread', headers } });
    await gate.unread?.refresh();
    expect(requests.length).toBe(asked);
  });
});
