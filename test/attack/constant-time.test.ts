import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { readSourceModules } from '../support/source-modules.ts';

// Whoever compares a secret with `===` tells by the time it takes how much of it was right.

const SRC = join(import.meta.dirname, '../../src');
const SECRET = /(?:signature|digest|hmac|\bmac|secret|password|credential|apiKey|sha256)\w*$/i;
/** A comparison of two names, or of two calls. */
const COMPARISON = /([\w.?!()[\]']+)\s*[!=]==\s*([\w.?!()[\]']+)/g;
/** What such a name is compared with without a word about its content. */
const PLAIN = /^(?:null|undefined|true|false|\d+|'.*'|''|typeof)$/;

/** Comparisons of what nobody has to guess, by the beginning of the path, with the reason. */
const HARMLESS: Record<string, string> = {
  'config/': 'settings of the operator among themselves, at start',
  'archive/': 'digests of files, which are no secret',
  'http/routes/guests.ts': 'the credential that was just verified, with the one that is about to be sent',
};

const modules = readSourceModules(SRC)
  .map(({ path }) => path)
  .filter((path) => !/^(?:client|demo|cli|ops\/scripts)\//.test(path))
  .filter((path) => !Object.keys(HARMLESS).some((beginning) => path.startsWith(beginning)));

function suspiciousIn(path: string): string[] {
  const source = readFileSync(join(SRC, path), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
  return [...source.matchAll(COMPARISON)]
    .filter(([, left = '', right = '']) => ![left, right].some((side) => PLAIN.test(bare(side))))
    .filter(([, left = '', right = '']) => [left, right].some((side) => SECRET.test(bare(side))))
    .map(([whole]) => `src/${path}: ${whole}`);
}

/** The name alone, without brackets around it or calls behind it. */
function bare(side: string): string {
  return side.replace(/^\(+/, '').replace(/[()].*$/, '');
}

test('no secret is compared character by character', () => {
  const found = modules.flatMap(suspiciousIn);
  expect(found).toEqual([]);
});

test('the search would find one', () => {
  const lines = [
    'if (given.signature === expected) {',
    'apiKey !== known.apiKey',
    'sign(text) === signature',
  ];
  for (const line of lines) expect([...line.matchAll(COMPARISON)]).toHaveLength(1);
});

test.each(['auth/guest-credentials.ts', 'auth/key-table.ts', 'ops/operator-sessions.ts'])(
  '%s, which holds a secret against what was sent, takes as long for every guess',
  (path) => {
    const source = readFileSync(join(SRC, path), 'utf8');
    expect(source).toContain('timingSafeEqual(');
  },
);
