import { monthOf } from '../domain/month.ts';
import { type Html, html } from './html.ts';
import type { MonthPageModel } from './month-page-model.ts';
import { countText, monthText } from './words.ts';

/** What stands above figures that are all zero: why, and how the first one comes about. */
export function buildEmptyMonth({ summary, nowMs, previous, example }: MonthPageModel): Html {
  const name = monthText(summary.month);
  const current = monthOf(nowMs);
  if (summary.month > current) return html`<p class="empty">${name} has not begun (UTC).</p>`;
  if (summary.month < current) return html`<p class="empty">Nobody was counted in ${name}.</p>`;
  if (previous && previous.identities.total > 0) {
    return html`<p class="empty">Nobody has been counted in ${name} yet. The month before ended at ${countText(previous.identities.total)}.</p>`;
  }
  return html`<div class="empty"><p>Nobody has been counted in ${name} yet. The first token shows here at once:</p>
<pre tabindex="0" role="group" aria-label="Command that mints a token"><code>curl -s -X POST ${example.url}/v1/tokens \\
  -H 'Authorization: Bearer ${example.login}' \\
  -H 'Content-Type: application/json' -d '{"intent":"open_chat"}'</code></pre></div>`;
}
