import { describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { createCrawlerCheck } from '../../src/http/crawlers.ts';
import { readHints } from '../../src/http/request-hints.ts';
import { buildApp, ISSUED } from './build-app.ts';

const isCrawler = createCrawlerCheck();
const PREFETCH = { prefetch: true, crawler: false, originMissing: false };

describe('hints', () => {
  test.each([
    { 'sec-purpose': 'prefetch' },
    { 'sec-purpose': 'prefetch;prerender' },
    { 'sec-purpose': 'prefetch;anonymous-client-ip' },
    { purpose: 'prefetch' },
    { purpose: 'preview' },
    { 'x-moz': 'Prefetch' },
  ])('%j is a page that nobody looks at yet', (headers) => {
    expect(readHints(headers, true, isCrawler)).toEqual(PREFETCH);
  });

  test.each([{}, { 'sec-purpose': '' }, { purpose: 'prefetched-no' }, { 'user-agent': 'curl/8.7.1' }])(
    '%j says nothing',
    (headers) => {
      expect(readHints(headers, true, isCrawler)).toBeUndefined();
    },
  );

  test('tell of a crawler and of a missing Origin', () => {
    expect(readHints({ 'user-agent': 'Twitterbot/1.0' }, false, isCrawler)).toEqual({
      prefetch: false,
      crawler: true,
      originMissing: true,
    });
    expect(readHints({}, false, isCrawler)).toEqual({ prefetch: false, crawler: false, originMissing: true });
  });
});

describe('POST /v1/tokens', () => {
  const ask = async (headers: Record<string, string>, body: object = {}) => {
    const { app, requests } = await buildApp(ISSUED, { trustProxy: 1 });
    await request(app)
      .post('/v1/tokens')
      .set({ 'X-Forwarded-For': '192.0.2.7', ...headers })
      .send({ intent: 'open_chat', ...body })
      .expect(200);
    return requests[0];
  };

  test('passes on what the headers say', async () => {
    const origin = { Origin: 'https://app.example' };
    expect((await ask({ ...origin, 'Sec-Purpose': 'prefetch' }))?.hints).toEqual(PREFETCH);
    expect((await ask({ ...origin, 'User-Agent': 'Mozilla/5.0 (compatible; GPTBot/1.2)' }))?.hints).toEqual({
      prefetch: false,
      crawler: true,
      originMissing: false,
    });
    expect((await ask(origin))?.hints).toBeUndefined();
    expect((await ask({}))?.hints).toMatchObject({ originMissing: true });
    expect((await ask({ Origin: 'https://evil.example' }))?.hints).toMatchObject({ originMissing: true });
  });

  test('tells the address of the client to the human check only', async () => {
    expect((await ask({}, { humanToken: 'x' }))?.remoteAddress).toBe('192.0.2.7');
    expect((await ask({}))?.remoteAddress).toBeUndefined();
  });
});
