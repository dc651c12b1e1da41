import { parseCookie } from 'cookie';
import type { GuestCookie } from '../issue/guests/ports.ts';

/** The cookie's names: bound to its host, and as browsers take it where there is no https. */
export const GUEST_COOKIES = ['__Host-mg_guest', 'mg_guest'] as const satisfies GuestCookie['name'][];
/** Parts the credentials in the cookie's value; none of them can hold it. */
const SEPARATOR = '~';
/** Services that one browser can be a guest of at a time; the one longest unchanged is given up beyond this. */
const CREDENTIALS_MAX = 8;
/** Longer values are not ours. */
const VALUE_LENGTH_MAX = 2_048;

/**
 * @param hostBound false only where there is no https, on loopback: browsers drop the `__Host-` cookie there. Where
 *   there is https the plain name must not be read, because any sibling of the host can set it for this one
 */
export function createGuestCookie(hostBound: boolean): GuestCookie {
  const name = GUEST_COOKIES[hostBound ? 0 : 1];

  function credentialsIn(header: string | undefined): string[] {
    if (header === undefined) return [];
    const value = parseCookie(header, { decode: (raw) => raw })[name];
    if (value === undefined || value === '' || value.length > VALUE_LENGTH_MAX) return [];
    return value.split(SEPARATOR).slice(0, CREDENTIALS_MAX);
  }

  const others = (header: string | undefined, service: string) =>
    credentialsIn(header).filter((each) => serviceOf(each) !== service);

  return {
    name,
    find(header, service) {
      const credentials = credentialsIn(header);
      // One that belongs to no other service counts as this one's: it is refused then, not passed over.
      return credentials.find((each) => serviceOf(each) === service) ?? credentials.find(isOfNoService);
    },
    put: (header, service, credential) =>
      [credential, ...others(header, service).filter((each) => !isOfNoService(each))]
        .slice(0, CREDENTIALS_MAX)
        .join(SEPARATOR),
    drop(header, service) {
      const left = others(header, service).filter((each) => !isOfNoService(each));
      return left.length === 0 ? null : left.join(SEPARATOR);
    },
  };
}

/** The service that a credential says it is for; nothing is verified here. */
function serviceOf(credential: string): string | undefined {
  return /^1\.([a-z][a-z0-9-]{0,31})\./.exec(credential)?.[1];
}

function isOfNoService(credential: string): boolean {
  return serviceOf(credential) === undefined;
}
