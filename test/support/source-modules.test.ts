import { describe, expect, it } from '@jest/globals';
import { readSourceModule } from './source-modules.ts';

describe('readSourceModule', () => {
  it('finds every way to import', () => {
    const { files, packages } = readSourceModule(
      'a/b.ts',
      `import { x } from './x.ts';
       import type { T } from '../c/t.ts';
       import '../effect.ts';
       export { y } from './y.ts';
       export * from './z.ts';
       const lazy = () => import('./lazy.ts');
       type Q = import('./q.ts').Q;
       import { readFile } from 'node:fs/promises';
       import { S3 } from '@aws/s3/client';
       import sync from 'csv-stringify/sync';
       require('left-pad');
       // import { not } from './comment.ts';
       const text = "import './text.ts'";`,
    );
    expect(files).toEqual(['a/x.ts', 'c/t.ts', 'effect.ts', 'a/y.ts', 'a/z.ts', 'a/lazy.ts', 'a/q.ts']);
    expect(packages).toEqual(['node:fs/promises', '@aws/s3', 'csv-stringify', 'left-pad']);
  });

  it.each([
    ['process.env', 'process.env.PORT', "globalThis.process.env['PORT']", 'const { env } = process'],
    ['process.exit', 'process.exit(1)', 'globalThis.process.exit()'],
    ['the system clock', 'Date.now()', 'new Date()', 'new Date', 'Date()', 'const read = Date.now'],
  ])('finds %s', (touched, ...samples) => {
    for (const sample of samples) expect(readSourceModule('a.ts', sample).touches).toEqual([touched]);
  });

  it('leaves alone what only looks like it', () => {
    const { touches } = readSourceModule(
      'a.ts',
      `new Date(0); Date.UTC(2026, 0); process.exitCode = 1; settings.env; // process.env
       const text = 'Date.now()'; clock.now();`,
    );
    expect(touches).toEqual([]);
  });

  it('counts lines', () => {
    expect(readSourceModule('a.ts', 'one;\ntwo;\n').lines).toBe(2);
  });
});
