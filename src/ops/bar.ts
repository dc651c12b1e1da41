import { type Html, html } from './html.ts';

const TONES = { plain: '', warning: ' bar-warning', alarm: ' bar-alarm' } as const;

/**
 * A horizontal bar. Its length is an attribute, since the page allows no inline style; the number always stands
 * beside it in words, so it is hidden from screen readers.
 *
 * @param tone a further class name for its colour
 */
export function bar(part: number, whole: number, tone: 'plain' | 'warning' | 'alarm' = 'plain'): Html {
  const width = whole > 0 ? Math.min(100, Math.round((100 * part) / whole)) : 0;
  return html`<svg class="bar${TONES[tone]}" aria-hidden="true"><rect width="${width}%"/></svg>`;
}
