import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

// `npm ci` must work on every system, whatever system wrote the lock file.

interface LockedPackage {
  os?: string[];
  optionalDependencies?: Record<string, string>;
  [field: string]: unknown;
}

interface LockFile {
  packages: Record<string, LockedPackage>;
}

const SYSTEMS = ['darwin', 'linux', 'win32'];

/** Packages whose work is done by a build for one system each. */
const NATIVE_FAMILIES: Record<string, RegExp> = {
  '@swc/core': /^@swc\/core-/,
  '@biomejs/biome': /^@biomejs\/cli-/,
  'unrs-resolver': /^@unrs\/resolver-binding-/,
  libsql: /^@libsql\//,
  esbuild: /^@esbuild\//,
  typescript: /^@typescript\/typescript-/,
};

function read(file: string): string {
  return readFileSync(join(import.meta.dirname, '..', file), 'utf8');
}

/** The way Node resolves a package: beside, then in each folder above. */
function isLocked(lock: LockFile, from: string, name: string): boolean {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('node_modules/') - 1))) {
    if (`${folder}${folder && '/'}node_modules/${name}` in lock.packages) return true;
    if (folder === '') return false;
  }
}

/** Every text in the file with the path of keys that leads to it. */
function* textsIn(
  value: unknown,
  path: readonly string[] = [],
): Generator<{ text: string; path: readonly string[] }> {
  if (typeof value === 'string') yield { text: value, path };
  if (typeof value !== 'object' || value === null) return;
  for (const [key, child] of Object.entries(value)) {
    yield { text: key, path };
    yield* textsIn(child, [...path, key]);
  }
}

describe('package-lock.json', () => {
  const lock: LockFile = JSON.parse(read('package-lock.json'));
  const names = Object.keys(lock.packages).map((path) => path.replace(/^.*node_modules\//, ''));

  it('holds every optional dependency of every package', () => {
    const missing = Object.entries(lock.packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies)
        .filter((name) => !isLocked(lock, path, name))
        .map((name) => `${path}: ${name}`),
    );
    expect(missing).toEqual([]);
  });

  it.each(Object.entries(NATIVE_FAMILIES))('holds the builds of %s for every system', (name, pattern) => {
    const builds = Object.entries(lock.packages).filter(([path]) =>
      pattern.test(path.replace(/^node_modules\//, '')),
    );
    expect(names).toContain(name);
    expect(SYSTEMS.filter((system) => !builds.some(([, build]) => build.os?.includes(system)))).toEqual([]);
  });

  it('does not say where packages were fetched from', () => {
    const resolved = Object.entries(lock.packages).filter(([, fields]) => 'resolved' in fields);
    expect(resolved.map(([path]) => path)).toEqual([]);
    const addresses = [...textsIn(lock)].filter(
      ({ text, path }) => /https?:\/\//i.test(text) && !path.includes('funding'),
    );
    expect(addresses).toEqual([]);
  });
});

describe('package.json and .npmrc', () => {
  it('ask for Node 20.19 or newer, in both files', () => {
    const wanted = '>=20.19';
    expect(JSON.parse(read('package.json')).engines.node).toBe(wanted);
    expect(JSON.parse(read('package-lock.json')).packages[''].engines.node).toBe(wanted);
  });

  it('keep addresses out of the lock file when it is written anew', () => {
    expect(read('.npmrc').split(/\r?\n/)).toContain('omit-lockfile-registry-resolved=true');
  });
});
