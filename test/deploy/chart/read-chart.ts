import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export const CHART = join(import.meta.dirname, '../../../charts/mau-guard');

/** Text of a file of the chart. */
export function readChartFile(path: string): string {
  return readFileSync(join(CHART, path), 'utf8');
}

/** The templates by path below `templates/`. */
export function readTemplates(): Map<string, string> {
  const paths = readdirSync(join(CHART, 'templates'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(CHART, 'templates/').length));
  return new Map(paths.sort().map((path) => [path, readChartFile(join('templates', path))]));
}

/** Values that releases are rendered with, by name; those that begin with `refused` are to be refused. */
export function readReleases(): Map<string, unknown> {
  const folder = join(import.meta.dirname, 'values');
  return new Map(
    readdirSync(folder)
      .sort()
      .map((file) => [file.replace('.yaml', ''), parse(readFileSync(join(folder, file), 'utf8'))]),
  );
}

/** A JSON document or YAML object, as far as a test looks into it. */
// biome-ignore lint/suspicious/noExplicitAny: manifests have no types here, and every look at one is an assertion
export type Manifest = any;
