import { type Html, html } from './html.ts';

/** The same figures as the API gives them, for whoever goes on working with them. The session opens it. */
export function rawLink(part: string, { month, service }: { month: string; service: string }): Html {
  return html`<a class="raw" href="/v1/months/${month}${part}?${new URLSearchParams({ service }).toString()}">JSON</a>`;
}
