import type { AuditPage } from '../contract/steering.ts';
import { buildAuditChange } from './audit-change.ts';
import { reasonField } from './forms.ts';
import { type Frame, opsAddress, type Visitor } from './frame.ts';
import { html } from './html.ts';
import { buildPage } from './page-shell.ts';
import { panel } from './panel.ts';
import { rawLink } from './raw-link.ts';
import { momentText } from './words.ts';

export interface AuditPageModel {
  frame: Frame & { visitor: Visitor };
  page: Pick<AuditPage, 'items' | 'nextCursor'>;
  /** Where these rows begin; null: with the newest. */
  cursor: string | null;
  /** How many rows a page has. */
  limit: number;
}

/** Who changed what, and why; newest first. */
export function buildAuditPage({ frame, page, cursor, limit }: AuditPageModel): string {
  const { service } = frame.visitor;
  const raw = rawLink('/audit', { service, cursor, limit: String(limit) });
  return buildPage({
    frame,
    title: 'Audit',
    section: 'audit',
    main: html`
<div class="heading"><h1>Audit</h1><p class="status">Every change by an operator, with what it has changed. JSON has all of before and after.</p></div>
${panel(
  { id: 'list', title: 'Changes', raw },
  html`${
    page.items.length === 0
      ? html`<p>Nobody has changed anything yet.</p>`
      : html`<div class="scroll" role="group" aria-labelledby="list-title" tabindex="0">
<table class="changes"><caption class="unseen">Changes, newest first</caption><thead><tr><th scope="col">When and who</th><th scope="col">What</th><th scope="col">Why</th><th scope="col">Before and after</th></tr></thead>
<tbody>${page.items.map(
          (row) => html`
<tr><th scope="row"><time datetime="${row.at}">${momentText(row.at)}</time> <small>${row.by}, ${row.role}</small></th><td>${row.action} <small>${row.target}</small></td><td>${row.reason}</td><td>${buildAuditChange(row.before, row.after)}</td></tr>`,
        )}
</tbody></table></div>`
  }
${page.nextCursor !== null && html`<p class="pages"><a class="button" rel="next" href="${opsAddress('/audit', { service, cursor: page.nextCursor })}">Older changes</a></p>`}
`,
)}
${
  frame.visitor.signedIn &&
  panel(
    { id: 'sessions', title: 'Sessions' },
    html`<form method="post" action="/ops/sessions/end" class="fields"><p class="wide">Signs every operator out of the dashboard, you too. Ops keys go on working.</p><input type="hidden" name="whose" value="everybody">${reasonField('sessions-reason')}<div class="field"><button class="danger">End every session</button></div></form>`,
  )
}`,
  });
}
