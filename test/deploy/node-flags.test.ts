import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '../..');

/** Everything that starts the program, once or more. */
const WAYS = [
  'package.json',
  'Dockerfile',
  'compose.yaml',
  'docs/deploy.md',
  'charts/mau-guard/templates/_pod.tpl',
];

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** The flags for Node before each mention of the program, whatever stands between them. */
function flagsBefore(text: string): string[][] {
  const starts = text.matchAll(/\bnode\b"?((?:[\s,"-]*--[\w=-]+)+)[\s,"-]+dist\/cli\/main\.js/g);
  return [...starts].map(([, flags = '']) => flags.match(/--[a-z][\w=-]*/g) ?? []);
}

it.each(WAYS)('%s starts Node with the flags of the program’s first line', (path) => {
  const [, flags = ''] = /^#!\/usr\/bin\/env -S node (.+)\n/.exec(read('src/cli/main.ts')) ?? [];
  const found = flagsBefore(read(path));
  expect(found.length).toBeGreaterThan(0);
  for (const each of found) expect(each).toEqual(flags.split(' '));
});
