import { readFileSync } from 'node:fs';

/** In the order of the cascade. */
const PARTS = ['theme', 'frame', 'figures', 'tables', 'plot', 'forms', 'states', 'narrow'] as const;

/** The dashboard's style sheet, one file for the browser. */
export function readStyles(): string {
  return PARTS.map((part) => readFileSync(new URL(`./styles/${part}.css`, import.meta.url), 'utf8')).join(
    '\n',
  );
}
