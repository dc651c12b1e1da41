import { describe, expect, test } from '@jest/globals';
import { createCrawlerCheck } from '../../src/http/crawlers.ts';

const CRAWLERS = [
  'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
  'Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm) Chrome/103.0.5060.134 Safari/537.36',
  'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)',
  'meta-externalagent/1.1 (+https://developers.facebook.com/docs/sharing/webmasters/crawler)',
  'Twitterbot/1.0',
  'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)',
  'WhatsApp/2.23.20.0',
  'TelegramBot (like TwitterBot)',
  'Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)',
  'Mozilla/5.0 (compatible; ClaudeBot/1.0; +claudebot@anthropic.com)',
  'Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)',
  'Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)',
  'Mozilla/5.0 (compatible; Yahoo! Slurp; http://help.yahoo.com/help/us/ysearch/slurp)',
  'Mediapartners-Google',
  'Baiduspider+(+http://www.baidu.com/search/spider.htm)',
];

const PEOPLE_AND_PROGRAMS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Safari/605.1.15',
  'Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [FBAN/FBIOS;FBAV/440.0.0.0;]',
  'Mozilla/5.0 (Linux; Android 13; CUBOT X30) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36',
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/131.0.0.0 Safari/537.36',
  'curl/8.7.1',
  'undici',
  'node',
  'axios/1.13.2',
  'okhttp/5.0.0',
  'python-requests/2.32.3',
  'Go-http-client/2.0',
  'com.example.app/1.0',
  'MyApp/2.3.1 (iPhone; iOS 17.2; Scale/3.00)',
  'shop-backend/3.1',
  'node-superagent/3.8.3',
  'node-fetch/1.0 (+https://github.com/bitinn/node-fetch)',
  'reqwest/0.12',
];

describe('a crawler', () => {
  const isCrawler = createCrawlerCheck();

  test.each(CRAWLERS)('is one: %s', (name) => {
    expect(isCrawler(name)).toBe(true);
    expect(isCrawler(name)).toBe(true);
  });

  test.each(PEOPLE_AND_PROGRAMS)('is none: %s', (name) => {
    expect(isCrawler(name)).toBe(false);
  });

  test('is nobody without a name', () => {
    expect(isCrawler(undefined)).toBe(false);
    expect(isCrawler('')).toBe(false);
  });

  test.each([
    (length: number) => 'a '.repeat(length),
    (length: number) => 'w/1.'.repeat(length),
    (length: number) => `Mozilla/5.0 (compatible; ${'a-1.0 '.repeat(length)}`,
    (length: number) => `Mozilla/5.0 (${'x-.'.repeat(length)}`,
  ])('is looked for in a name made to be slow in no more than 5 ms (%#)', (make) => {
    const names = Array.from({ length: 50 }, (_, index) => `${index}${make(5_000)}`);
    const startedAt = performance.now();
    for (const name of names) isCrawler(name);
    expect((performance.now() - startedAt) / names.length).toBeLessThan(5);
  });
});
