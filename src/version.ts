import { readFileSync } from 'node:fs';

/** The version in the package's manifest. */
export function readVersion(): string {
  return readManifest().version;
}

/** The versions of Node.js that the package is made for, such as `>=20.19`. */
export function readEngines(): string {
  return readManifest().engines.node;
}

function readManifest(): { version: string; engines: { node: string } } {
  const manifest = new URL('../package.json', import.meta.url);
  return JSON.parse(readFileSync(manifest, 'utf8')) as { version: string; engines: { node: string } };
}
