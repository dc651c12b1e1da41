import { type Html, type HtmlValue, html } from './html.ts';

export interface PanelHead {
  /** Unique in the page; an address with `#` and it leads here, and a script offers to copy that. */
  id: string;
  title: string;
  /** The same figures as the API gives them, if it does. */
  raw?: Html | null;
}

/** A part of a page with a title of its own, by which the region is named too. */
export function panel({ id, title, raw = null }: PanelHead, content: HtmlValue): Html {
  return html`<section class="panel" id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>${raw}
${content}</section>`;
}
