/**
 * The path and query of a request target. Servers must understand the absolute form (RFC 9112 section 3.2.2); its
 * host is as untrusted as the Host header and is dropped. What is no address at all becomes a path that leads
 * nowhere, because Express answers such targets itself, past every handler, with an HTML page.
 */
export function originForm(target: string): string {
  if (target.startsWith('/')) return target;
  const url = URL.canParse(target) ? new URL(target) : null;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return `${url.pathname}${url.search}`;
  return `/${encodeURIComponent(target)}`;
}
