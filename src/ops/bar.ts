import { type Html, html } from './html.ts';

/**
 * A horizontal bar. Its length is an attribute, since the page allows no inline style; the number always stands
 * beside it in words, so it is hidden from screen readers.
 *
 * @param tone a further class name for its colour
 */
export function bar(part: number, whole: number, tone: 'plain' | 'warning' | 'alarm' = 'plain'): Html {
  const width = whole > 0 ? Math.min(100, Math.round((1000 * part) / whole) / 10) : 0;
  return html`<svg class="bar bar-${tone}" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect class="bar-rest" width="100" height="8"/><rect class="bar-part" width="${width}" height="8"/></svg>`;
}
