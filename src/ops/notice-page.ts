import type { Frame } from './frame.ts';
import { type Html, html } from './html.ts';
import { buildPage } from './page-shell.ts';

export interface NoticePageModel {
  frame: Frame;
  title: string;
  /** One or two sentences: what happened and what to do. */
  text: string;
  /** Text of the link. */
  link: string;
  /** Where the link leads. Default: the dashboard. */
  to?: string;
  /** For whoever asks what went wrong: the request as the log names it, and the code of the problem; default: nothing. */
  reference?: { requestId: string; code: string | null };
}

/** A page that only says something, such as that the ledger does not answer. */
export function buildNoticePage({
  frame,
  title,
  text,
  link,
  to = '/ops',
  reference,
}: NoticePageModel): string {
  return buildPage({
    frame,
    title,
    section: null,
    main: html`<div class="panel card"><h1>${title}</h1><p>${text}</p><p><a class="button" href="${to}">${link}</a></p>${reference !== undefined && buildReference(reference)}</div>`,
  });
}

function buildReference({ requestId, code }: NonNullable<NoticePageModel['reference']>): Html {
  return html`<p class="note">${code !== null && html`<a href="/problems/${encodeURIComponent(code)}">${code}</a>, `}request <code>${requestId}</code></p>`;
}
