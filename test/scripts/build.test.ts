import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

// The compiler runs several times in some of these, which takes long on a busy machine.
jest.setTimeout(90_000);

const ROOT = join(import.meta.dirname, '../..');

function build(root: string) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'scripts/build.js')], {
    encoding: 'utf8',
  });
  return { status, output: stdout + stderr };
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

describe('the build of this program', () => {
  it('puts every script, page and style beside the code that reads it', () => {
    expect(build(ROOT)).toEqual({ status: 0, output: '' });
    const assets = filesUnder(join(ROOT, 'src')).filter((path) => /\.(lua|sql|html|css|js)$/.test(path));
    for (const path of assets) {
      expect(readFileSync(join(ROOT, 'dist', path), 'utf8')).toBe(
        readFileSync(join(ROOT, 'src', path), 'utf8'),
      );
    }
  });

  it('leaves nothing in dist that has no source', () => {
    const sources = new Set(filesUnder(join(ROOT, 'src')).map((path) => path.replace(/\.tsx?$/, '.js')));
    const strangers = filesUnder(join(ROOT, 'dist')).filter(
      (path) => path !== '.build-stamp' && !sources.has(path.replace(/(\.js\.map|\.d\.ts)$/, '.js')),
    );
    expect(strangers).toEqual([]);
  });
});

describe('the build of a small program', () => {
  let root: string;

  function write(path: string, text: string) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'mau-guard-build-'));
    symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'), 'junction');
    for (const file of ['tsconfig.json', 'tsconfig.build.json', 'package.json', 'scripts/build.js']) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      copyFileSync(join(ROOT, file), join(root, file));
    }
    write('src/cli/main.ts', "import { word } from '../word.ts';\nconsole.log(word);\n");
    write('src/word.ts', "export const word = 'hello';\n");
    write('src/store/lua/count-1.lua', 'return 1\n');
    write('src/README.md', '# a map\n');
  });

  afterEach(() => rmSync(root, { recursive: true }));

  const dist = (path: string) => join(root, 'dist', path);
  const run = () => spawnSync(process.execPath, [dist('cli/main.js')], { encoding: 'utf8' }).stdout;

  it('makes a program that runs, with its assets and its map to the source', () => {
    expect(build(root)).toEqual({ status: 0, output: '' });
    expect(run()).toBe('hello\n');
    expect(readFileSync(dist('store/lua/count-1.lua'), 'utf8')).toBe('return 1\n');
    expect(existsSync(dist('README.md'))).toBe(false);
    expect(JSON.parse(readFileSync(dist('cli/main.js.map'), 'utf8')).sources).toEqual([
      '../../src/cli/main.ts',
    ]);
    if (process.platform !== 'win32') expect(statSync(dist('cli/main.js')).mode & 0o111).toBe(0o111);
    expect(readdirSync(root).filter((name) => name.startsWith('.dist'))).toEqual([]);
  });

  it('does nothing when nothing changed, whatever the times of the files say', () => {
    build(root);
    writeFileSync(dist('word.js'), "export const word = 'kept';\n");
    write('src/word.ts', readFileSync(join(root, 'src/word.ts'), 'utf8'));
    expect(build(root)).toEqual({ status: 0, output: '' });
    expect(run()).toBe('kept\n');
  });

  it('builds again after a change of code, asset or settings, and after a loss', () => {
    build(root);
    write('src/word.ts', "export const word = 'changed';\n");
    build(root);
    expect(run()).toBe('changed\n');
    write('src/store/lua/count-1.lua', 'return 2\n');
    build(root);
    expect(readFileSync(dist('store/lua/count-1.lua'), 'utf8')).toBe('return 2\n');
    write(
      'tsconfig.build.json',
      readFileSync(join(root, 'tsconfig.build.json'), 'utf8').replace(/"declaration": true,\s*/, ''),
    );
    build(root);
    expect(existsSync(dist('word.d.ts'))).toBe(false);
    rmSync(dist('word.js'));
    build(root);
    expect(run()).toBe('changed\n');
  });

  it('removes what has no source any more', () => {
    write('src/gone.ts', 'export {};\n');
    write('src/store/lua/gone-1.lua', 'return 1\n');
    build(root);
    expect(existsSync(dist('gone.js'))).toBe(true);
    rmSync(join(root, 'src/gone.ts'));
    rmSync(join(root, 'src/store/lua/gone-1.lua'));
    build(root);
    expect(filesUnder(join(root, 'dist')).filter((path) => path.includes('gone'))).toEqual([]);
  });

  it('says what is wrong with the code and keeps the last good build', () => {
    build(root);
    write('src/word.ts', "export const word: number = 'oops';\n");
    const { status, output } = build(root);
    expect(status).not.toBe(0);
    expect(output).toContain('src/word.ts(1,14)');
    expect(run()).toBe('hello\n');
    expect(build(root).status).not.toBe(0);
  });

  it('says what to do when the compiler is not installed', () => {
    rmSync(join(root, 'node_modules'));
    const { status, output } = build(root);
    expect(status).toBe(1);
    expect(output).toContain('npm install');
  });
});
