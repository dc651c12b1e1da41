/** What a browser says about where a request comes from. Raw header values. */
export interface RequestOrigin {
  method: string;
  /** `Sec-Fetch-Site`. */
  fetchSite: string | undefined;
  /** `Sec-Fetch-Mode`. */
  fetchMode: string | undefined;
  /** `Origin`. */
  origin: string | undefined;
  /** Host and port the request was sent to. */
  host: string | undefined;
}

/**
 * Whether the dashboard's cookie may speak for this request: it comes from the dashboard itself, or it only opens
 * a page from a link or the address bar, where nobody but the operator sees the answer. Scripts of other pages are
 * turned away, also those of the same site; so is a write that does not say where it comes from, since every
 * browser says it.
 *
 * @param publicUrl the URL that the outside uses, or null
 */
export function isFromOwnPages(from: RequestOrigin, publicUrl: string | null): boolean {
  const reads = from.method === 'GET' || from.method === 'HEAD';
  if (from.fetchSite !== undefined) {
    return from.fetchSite === 'same-origin' || (reads && opensPage(from));
  }
  if (from.origin === undefined) return reads;
  if (!URL.canParse(from.origin)) return false;
  const { host } = new URL(from.origin);
  const own = publicUrl === null ? null : new URL(publicUrl);
  // The own name by http, where it is https, is a page that anybody in between has written.
  if (own !== null && own.host === host) return from.origin === own.origin;
  return host === from.host;
}

function opensPage(from: RequestOrigin): boolean {
  return from.fetchSite === 'none' || from.fetchMode === 'navigate';
}
