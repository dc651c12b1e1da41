import { type Query, withQuery } from './frame.ts';
import { type Html, html } from './html.ts';

/**
 * The same figures as the API gives them, for whoever goes on working with them. The session opens it.
 *
 * @param path behind `/v1`
 * @param text where it has to say more
 */
export function rawLink(path: string, query: Query, text = 'JSON'): Html {
  return html`<a class="raw" href="${withQuery(`/v1${path}`, query)}">${text}</a>`;
}

/** The same of a month. */
export function rawMonthLink(part: string, { month, service }: { month: string; service: string }): Html {
  return rawLink(`/months/${month}${part}`, { service });
}
