import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

test('`npm start` and the program itself give Node the same flags', () => {
  const [, ofProgram] = /^#!\/usr\/bin\/env -S node (.+)\n/.exec(read('src/cli/main.ts')) ?? [];
  const [, ofStart] = /&& node (.+) dist\/cli\/main\.js serve$/.exec(
    JSON.parse(read('package.json')).scripts.start,
  ) ?? [null, ''];
  expect(ofProgram).toMatch(/^--/);
  expect(ofStart).toBe(ofProgram);
});
