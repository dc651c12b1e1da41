import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { readStyles } from './read-styles.ts';

export interface Asset {
  type: string;
  body: Buffer;
}

/** The files that the dashboard's pages load, all of them ours. */
export interface Assets {
  /** Address of a file; it names the content of all files, so that a browser may keep what it has for ever. */
  address(name: AssetName): string;
  /** Null for a name or a version that is not served. */
  find(version: string, name: string): Asset | null;
}

/** Scripts are sent as they stand in the source: modules that import each other by these names. */
const SCRIPTS = [
  'main.js',
  'live.js',
  'keys.js',
  'links.js',
  'times.js',
  'chart.js',
  'chart-data.js',
  'format.js',
] as const;

/** What pages name; the library of the chart is named by its script. */
export type AssetName = (typeof SCRIPTS)[number] | 'ops.css' | 'icon.svg';

const JAVASCRIPT = 'text/javascript';

/** Reads all files once. */
export function readAssets(): Assets {
  const files = new Map<string, Asset>([
    ['ops.css', { type: 'text/css', body: Buffer.from(readStyles()) }],
    ['icon.svg', { type: 'image/svg+xml', body: readHere('./icon.svg') }],
    ...SCRIPTS.map((name) => [name, { type: JAVASCRIPT, body: readHere(`./scripts/${name}`) }] as const),
    ...readPlotLibrary(),
  ]);
  const hash = createHash('sha256');
  for (const [name, { body }] of files) hash.update(name).update(body);
  const current = hash.digest('hex').slice(0, 12);
  return {
    address: (name) => `/ops/assets/${current}/${name}`,
    find: (version, name) => (version === current ? (files.get(name) ?? null) : null),
  };
}

/** uPlot's browser build is a script that makes one global; a last line makes it a module. */
function readPlotLibrary(): [string, Asset][] {
  const library = createRequire(import.meta.url);
  const script = readFileSync(library.resolve('uplot/dist/uPlot.iife.min.js'), 'utf8');
  return [
    ['uplot.js', { type: JAVASCRIPT, body: Buffer.from(`${script}\nexport default uPlot;\n`) }],
    ['uplot.css', { type: 'text/css', body: readFileSync(library.resolve('uplot/dist/uPlot.min.css')) }],
  ];
}

function readHere(path: string): Buffer {
  return readFileSync(new URL(path, import.meta.url));
}
