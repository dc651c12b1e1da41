import { createIsbotFromList, list } from 'isbot';
import { LRUCache } from 'lru-cache';

/**
 * Programs that are no crawlers, though the list of isbot, which looks for people, counts them among its finds:
 * HTTP libraries of backends and native apps, and browsers under test. Patterns that find one of them are left out.
 */
const NO_CRAWLERS: readonly string[] = [
  'curl/8.5.0',
  'Wget/1.21.4',
  'node',
  'node-fetch/1.0 (+https://github.com/bitinn/node-fetch)',
  'node-superagent/3.8.3',
  'axios/1.7.2',
  'python-requests/2.31.0',
  'Python/3.11 aiohttp/3.9.5',
  'Go-http-client/1.1',
  'okhttp/4.12.0',
  'Apache-HttpClient/4.5.14 (Java/17.0.2)',
  'Java/17.0.2',
  'GuzzleHttp/7',
  'PHP/8.3',
  'libwww-perl/6.72',
  'Ruby',
  'PostmanRuntime/7.36.0',
  'insomnia/8.6.1',
  'k6/0.49.0 (https://k6.io/)',
  'Dart/3.2 (dart:io)',
  'MyApp/1.0 (com.example.app; build:7; iOS 17.0.0) Alamofire/5.9.0',
  'MyApp/1 CFNetwork/1490.0.4 Darwin/23.2.0',
  'Dalvik/2.1.0 (Linux; U; Android 13; Pixel 7)',
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/120.0.0.0 Safari/537.36',
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Cypress/13.6.0 Chrome/118.0.0.0 Safari/537.36',
];

/** Takes the place of the pattern `http`, which finds libraries too: crawlers say where one can read about them. */
const SAYS_WHERE = 'https?://(?!github\\.com/|k6\\.io/)';

/** Longer ones are cut: nobody writes their name behind so much, and the patterns take their time. */
const CHARACTERS_MAX = 400;
const REMEMBERED_MAX = 2_000;

/** Whether a `User-Agent` is that of a known crawler, such as a search engine or a link preview. */
export type CrawlerCheck = (userAgent: string | undefined) => boolean;

/** Builds the check. A verdict takes 15 µs and is remembered; most people share their browser's name with others. */
export function createCrawlerCheck(): CrawlerCheck {
  const patterns = list.filter((pattern) => !NO_CRAWLERS.some((name) => new RegExp(pattern, 'i').test(name)));
  const isCrawler = createIsbotFromList([...patterns, SAYS_WHERE]);
  const verdicts = new LRUCache<string, boolean>({ max: REMEMBERED_MAX });
  return (userAgent) => {
    if (userAgent === undefined) return false;
    const name = userAgent.slice(0, CHARACTERS_MAX);
    const known = verdicts.get(name);
    if (known !== undefined) return known;
    const verdict = isCrawler(name);
    verdicts.set(name, verdict);
    return verdict;
  };
}
