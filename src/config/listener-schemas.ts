import { isIP } from 'node:net';
import { describeFound } from './config-fault.ts';
import { type Objection, parsedText, parseUrl, splitList, wholeNumberText } from './value-schemas.ts';

/** A TCP port; 0 lets the system pick a free one. */
export const port = wholeNumberText('a port from 0 to 65535 (0 picks a free one)', 0, 65_535);

/** A port, or null for `off`. */
export const portOrOff = parsedText<number | null>(
  '`off`, or a port from 0 to 65535 (0 picks a free one)',
  (text) => {
    if (text === 'off') return { value: null };
    const value = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
    return value <= 65_535 ? { value } : {};
  },
);

/** What a listener binds to: an address or a host name, without port. */
export const bindHost = parsedText(
  'an IP address or a host name to listen on, without scheme and port',
  (text) => {
    if (isIP(text) !== 0) return { value: text };
    if (/^\[.*\]$/.test(text) && isIP(text.slice(1, -1)) === 6) return { hint: 'leave out the brackets' };
    return /^(?!\d+(\.\d+)*$)[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/.test(text)
      ? { value: text }
      : {};
  },
);

const NAMED_SUBNETS = ['loopback', 'linklocal', 'uniquelocal'];

/** Express's trust-proxy value: how many proxies, or which. Trusting everyone is refused. */
export const trustProxy = parsedText<string | number | false>(
  'the number of proxies in front (1 to 10), or a comma list of their addresses, subnets, loopback, linklocal or uniquelocal',
  (text) => {
    if (text === 'false' || text === '0') return { value: false };
    if (/^(true|yes|on|\*)$/i.test(text)) {
      return { hint: 'trusting every address lets any caller choose the address that is logged and limited' };
    }
    if (/^\d+$/.test(text)) return Number(text) <= 10 ? { value: Number(text) } : {};
    const entries = splitList(text);
    const faulty = entries.find((entry) => !NAMED_SUBNETS.includes(entry) && !isSubnet(entry));
    return faulty === undefined && entries.length > 0 ? { value: entries.join(', ') } : {};
  },
);

/** An address, or one with a prefix length that leaves out at least half of all addresses. */
function isSubnet(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  if (prefix === undefined) return true;
  return /^\d{1,3}$/.test(prefix) && Number(prefix) >= 1 && Number(prefix) <= (version === 4 ? 32 : 128);
}

/** The outside URL; a trailing slash is dropped. */
export const publicUrl = parsedText(
  'the http:// or https:// URL that the outside uses, without query and fragment',
  (text) => {
    const url = parseUrl(text);
    if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) return {};
    if (url.username !== '' || url.password !== '') return { found: 'a URL with a user name in it' };
    if (url.search !== '' || url.hash !== '') return { found: 'a URL with a query or fragment' };
    return { value: text.replace(/\/+$/, '') };
  },
);

/** Origins exactly as browsers send them. */
export const origins = parsedText<string[]>(
  'a comma list of exact origins such as https://app.example.com',
  (text) => {
    const entries = splitList(text);
    const objections = entries.flatMap((entry): Objection[] => {
      const objection = objectToOrigin(entry);
      return objection === null ? [] : [{ found: describeFound(entry), ...objection }];
    });
    if (objections.length === 0) return { value: [...new Set(entries)] };
    const hints = [...new Set(objections.flatMap(({ hint }) => hint ?? []))];
    return {
      found: objections.map(({ found }) => found).join(' and '),
      ...(hints.length === 0 ? {} : { hint: hints.join('; ') }),
    };
  },
);

/** Schemes of mobile web views, whose origins the URL standard calls opaque. */
const APP_ORIGIN = /^(capacitor|ionic):\/\/[a-z0-9.-]+$/;

function objectToOrigin(entry: string): Objection | null {
  if (entry.includes('*')) return { hint: 'wildcards are refused: name every origin' };
  if (APP_ORIGIN.test(entry)) return null;
  const url = parseUrl(entry);
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) return {};
  if (url.username !== '' || url.password !== '') return { found: 'a URL with a user name in it' };
  return url.origin === entry ? null : { hint: `browsers send ${url.origin}` };
}
