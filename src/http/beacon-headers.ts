import type { IncomingHttpHeaders } from 'node:http';
import type { Problem } from './problem.ts';
import { checkJsonHeaders } from './read-json.ts';

/** `text/plain`, which `navigator.sendBeacon` gives to a string, alone or with the only charset that JSON has. */
const TEXT_TYPE = /^text\/plain[ \t]*(?:;[ \t]*charset[ \t]*=[ \t]*"?utf-8"?[ \t]*)?$/i;

/**
 * The refusal that the headers of a beacon already deserve, or null. JSON may come as `text/plain` too: a browser sends
 * that across origins without asking first, and has no time to ask in a page that is being closed.
 */
export function checkBeaconHeaders(headers: IncomingHttpHeaders, bytesMax: number): Problem | null {
  const asText = TEXT_TYPE.test(headers['content-type'] ?? '');
  return checkJsonHeaders(asText ? { ...headers, 'content-type': 'application/json' } : headers, bytesMax);
}
