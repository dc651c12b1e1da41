import { type Html, html } from './html.ts';

type Parts = Readonly<Record<string, unknown>>;

/** Longer than this, a change is folded away, so that one of a thousand tenants does not fill the page. */
const SHOWN_MAX = 160;

/** What a change has changed: of two objects only the parts that differ, each by its path. */
export function buildAuditChange(before: unknown, after: unknown): Html {
  const lines = differ('', before, after);
  if (lines.length === 0) return html`nothing differs`;
  const length = lines.reduce((sum, line) => sum + line.join('').length, 0);
  const shown = lines.map(
    ([path, was, is]) => html`<p>${path !== '' && `${path}: `}<code>${was}</code> → <code>${is}</code></p>`,
  );
  return length <= SHOWN_MAX
    ? html`${shown}`
    : html`<details><summary>Before and after</summary>${shown}</details>`;
}

function differ(path: string, before: unknown, after: unknown): [path: string, was: string, is: string][] {
  const [was, is] = [textOf(before), textOf(after)];
  if (was === is) return [];
  if (!isParts(before) || !isParts(after)) return [[path, was, is]];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((name) =>
    differ(path === '' ? name : `${path}.${name}`, ownOf(before, name), ownOf(after, name)),
  );
}

function isParts(value: unknown): value is Parts {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A tenant may be called as what every object has. */
function ownOf(parts: Parts, name: string): unknown {
  return Object.hasOwn(parts, name) ? parts[name] : undefined;
}

function textOf(value: unknown): string {
  return value === undefined ? 'none' : JSON.stringify(value);
}
