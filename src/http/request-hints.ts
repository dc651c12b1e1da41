import type { IncomingHttpHeaders } from 'node:http';
import { NO_HINTS, type RequestHints } from '../policy/policy.ts';
import type { CrawlerCheck } from './crawlers.ts';

/** `prefetch`, `prefetch;prerender`, `prerender`: https://wicg.github.io/nav-speculation/prefetch.html; older: `preview`. */
const AHEAD = /\b(prefetch|prerender|preview)\b/i;

/** Made once: so are all requests of native apps. */
const ORIGIN_MISSING: RequestHints = Object.freeze({ ...NO_HINTS, originMissing: true });

/** Whether a browser fetches this before anybody has asked for it. */
export function isAhead(headers: IncomingHttpHeaders): boolean {
  const purpose = headers['sec-purpose'] ?? headers['purpose'] ?? headers['x-moz'];
  return purpose !== undefined && AHEAD.test(String(purpose));
}

/**
 * What the headers say about the request itself, undefined when they say nothing, as those of nearly all do.
 *
 * @param originTrusted whether the `Origin` is own or configured
 */
export function readHints(
  headers: IncomingHttpHeaders,
  originTrusted: boolean,
  isCrawler: CrawlerCheck,
): RequestHints | undefined {
  const prefetch = isAhead(headers);
  const crawler = isCrawler(headers['user-agent']);
  if (prefetch || crawler) return { prefetch, crawler, originMissing: !originTrusted };
  return originTrusted ? undefined : ORIGIN_MISSING;
}
