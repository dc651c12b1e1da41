/** Where whoever asked for nothing in particular lands. */
export const DASHBOARD = '/ops';
/** Longer than any address of the dashboard. */
const ADDRESS_LENGTH_MAX = 2_048;
/** Nothing that a browser reads in another way than this program does: no backslash, no control, no space. */
const PLAIN = /^\/ops(?:[/?][\x21-\x5b\x5d-\x7e]*)?$/;
/** Pages of signing in and out: nobody wants to come back there. */
const SIGN_IN = /^\/ops\/log(?:in|out)(?:\/|$)/;
/** A one-time code and a provider's answer must not stand in a page, nor be opened for somebody. */
const SECRET_FIELDS = ['login', 'code', 'state'];
/** Only there to take dots out of a path. */
const NOWHERE = 'http://nowhere.invalid';

/**
 * The page of the dashboard that somebody is to be led to after signing in or choosing colours: path and query on this
 * very host, below `/ops`. {@link DASHBOARD} for anything else, so that no link of somebody else's leads away from here.
 *
 * @param sent whatever a request says, such as a field of a form
 */
export function parseWayBack(sent: unknown): string {
  if (typeof sent !== 'string' || sent.length > ADDRESS_LENGTH_MAX || !PLAIN.test(sent)) return DASHBOARD;
  const { origin, pathname, search, searchParams } = new URL(sent, NOWHERE);
  const address = `${pathname}${search}`;
  if (origin !== NOWHERE || !PLAIN.test(address) || SIGN_IN.test(pathname)) return DASHBOARD;
  return SECRET_FIELDS.some((name) => searchParams.has(name)) ? DASHBOARD : address;
}

/** What the browser keeps while it is at the identity provider, with the way back behind it. */
export function addWayBack(attempt: string, wayBack: string): string {
  return wayBack === DASHBOARD ? attempt : `${attempt}.${Buffer.from(wayBack).toString('base64url')}`;
}

/** The two parts of {@link addWayBack}; the way back is parsed anew, since a cookie can be planted. */
export function splitWayBack(kept: string): { attempt: string; wayBack: string } {
  const [attempt = '', wayBack = ''] = kept.split('.', 2);
  return { attempt, wayBack: parseWayBack(Buffer.from(wayBack, 'base64url').toString('latin1')) };
}
