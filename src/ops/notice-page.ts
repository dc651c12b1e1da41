import { html } from './html.ts';
import { buildPage } from './page-shell.ts';

export interface NoticePageModel {
  title: string;
  /** One or two sentences: what happened and what to do. */
  text: string;
  /** Text of the link to the dashboard. */
  link: string;
  demo: boolean;
}

/** A page that only says something, such as that the ledger does not answer. */
export function buildNoticePage({ title, text, link, demo }: NoticePageModel): string {
  return buildPage({
    title,
    demo,
    corner: null,
    main: html`<div class="panel card"><h1>${title}</h1><p>${text}</p><p><a class="button" href="/ops">${link}</a></p></div>`,
  });
}
