import type { IncomingHttpHeaders } from 'node:http';

/**
 * Addresses, other than the expected one, under which a request may have been sent before proxies changed it. The
 * headers are the client's word: good for finding out what was signed, never for trusting it.
 */
export function guessSentUrls(headers: IncomingHttpHeaders, target: string, publicUrl: string): string[] {
  const { protocol, host, pathname } = new URL(publicUrl);
  const hosts = [host, firstOf(headers['x-forwarded-host']), headers.host].filter(
    (each) => each !== undefined,
  );
  const prefixes = ['', pathname.replace(/\/$/, ''), firstOf(headers['x-forwarded-prefix']) ?? ''];
  const other = protocol === 'https:' ? 'http:' : 'https:';
  const urls = [protocol, other].flatMap((scheme) =>
    [...new Set(hosts)].flatMap((name) =>
      [...new Set(prefixes)].map((prefix) => `${scheme}//${name}${prefix}${target}`),
    ),
  );
  return urls.filter((url) => url !== `${publicUrl}${target}`);
}

function firstOf(header: string | string[] | undefined): string | undefined {
  const text = Array.isArray(header) ? header[0] : header;
  return text?.split(',')[0]?.trim() || undefined;
}
