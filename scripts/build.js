#!/usr/bin/env node
// Builds dist from src: TypeScript by tsc, everything else (Lua, SQL, pages) copied beside it.
// Quiet on success. Does nothing when dist was built from exactly these sources.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..');
const SRC = join(ROOT, 'src');
const DIST = join(ROOT, 'dist');
const STAMP = '.build-stamp';
const BINARY = join('cli', 'main.js');
/** Beside dist and at the same depth, or the source maps would point elsewhere. */
const STAGING = join(ROOT, `.dist-${process.pid}`);

const CONFIGURATION = ['tsconfig.json', 'tsconfig.build.json', 'package.json', 'package-lock.json'];

function filesUnder(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

function isAsset(path) {
  const hidden = path.split(sep).some((part) => part.startsWith('.'));
  return !hidden && !/\.(tsx?|md)$/.test(path);
}

/** By content, not by time: a checkout or a copy changes times without changing a byte. */
function fingerprintOfSources() {
  const hash = createHash('sha256');
  const inputs = [...CONFIGURATION, ...filesUnder(SRC).map((path) => join('src', path)), 'scripts/build.js'];
  for (const path of inputs) {
    const file = join(ROOT, path);
    if (existsSync(file)) hash.update(`${path}\0`).update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

function compile() {
  const compiler = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  if (!existsSync(compiler)) {
    console.error('The TypeScript compiler is not installed. Run `npm install` (without --omit=dev) first.');
    return 1;
  }
  const args = [compiler, '-p', 'tsconfig.build.json', '--outDir', STAGING, '--noEmitOnError'];
  const { status, error } = spawnSync(process.execPath, args, { cwd: ROOT, stdio: 'inherit' });
  if (error) console.error(`tsc could not be run: ${error.message}`);
  return status ?? 1;
}

function sameBytes(a, b) {
  return existsSync(b) && readFileSync(a).equals(readFileSync(b));
}

/** File by file and each by rename, so that a program that is starting from dist never reads half a file. */
function publish() {
  const built = filesUnder(STAGING);
  for (const path of built) {
    const target = join(DIST, path);
    if (sameBytes(join(STAGING, path), target)) continue;
    mkdirSync(dirname(target), { recursive: true });
    renameSync(join(STAGING, path), target);
  }
  const wanted = new Set(built);
  for (const path of filesUnder(DIST)) {
    // Another build may have removed it meanwhile.
    if (!wanted.has(path)) rmSync(join(DIST, path), { force: true });
  }
  return built;
}

/** Built from these very sources, and nothing was deleted from dist since. */
function isFresh(fingerprint) {
  if (!existsSync(join(DIST, STAMP))) return false;
  const [builtFrom, ...files] = readFileSync(join(DIST, STAMP), 'utf8').split('\n');
  return builtFrom === fingerprint && files.every((path) => existsSync(join(DIST, path)));
}

function build() {
  const fingerprint = fingerprintOfSources();
  if (isFresh(fingerprint)) return 0;

  try {
    const status = compile();
    if (status !== 0) return status;
    for (const path of filesUnder(SRC).filter(isAsset)) {
      mkdirSync(dirname(join(STAGING, path)), { recursive: true });
      copyFileSync(join(SRC, path), join(STAGING, path));
    }
    if (existsSync(join(STAGING, BINARY))) chmodSync(join(STAGING, BINARY), 0o755);
    const files = publish();
    mkdirSync(DIST, { recursive: true });
    writeFileSync(join(DIST, STAMP), [fingerprint, ...files].join('\n'));
    return 0;
  } finally {
    rmSync(STAGING, { recursive: true, force: true });
  }
}

process.exitCode = build();
