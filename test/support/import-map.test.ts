import { describe, expect, it } from '@jest/globals';
import { forbiddenImports, forbiddenPackages, type ImportMap, importCycles } from './import-map.ts';
import { readSourceModule } from './source-modules.ts';

const MAP: ImportMap = {
  domain: [],
  store: ['domain'],
  'store/disk': ['domain', 'store'],
  use: ['domain', 'store'],
  adapter: ['use/ports'],
  wire: { allBut: ['main'] },
  main: ['wire'],
};

function modules(files: Record<string, string>) {
  return Object.entries(files).map(([path, text]) => readSourceModule(path, text));
}

describe('forbiddenImports', () => {
  it('allows what the map says, and a part itself', () => {
    const allowed = modules({
      'store/disk/a.ts': "import '../store.ts'; import './b.ts'; import '../../domain/x.ts'",
      'adapter/a.ts': "import '../use/ports.ts'",
      'wire.ts': "import './store/disk/a.ts'; import './use/ports.ts'",
    });
    expect(forbiddenImports(MAP, allowed)).toEqual([]);
  });

  it.each([
    ['domain/a.ts', '../store/store.ts'],
    ['store/a.ts', './disk/a.ts'],
    ['use/a.ts', '../store/disk/a.ts'],
    ['adapter/a.ts', '../use/step.ts'],
    ['wire.ts', './main.ts'],
    ['domain/a.ts', '../unknown/a.ts'],
    ['unknown/a.ts', '../domain/a.ts'],
  ])('forbids %s to import %s', (path, specifier) => {
    expect(forbiddenImports(MAP, modules({ [path]: `import type { T } from '${specifier}'` }))).toHaveLength(
      1,
    );
  });
});

describe('forbiddenPackages', () => {
  const FENCES = { redis: ['store'], web: ['use'] };

  it('knows folders below a place, and leaves built-in modules alone', () => {
    const allowed = modules({ 'store/disk/a.ts': "import 'redis'; import 'node:fs'" });
    expect(forbiddenPackages(MAP, FENCES, allowed)).toEqual([]);
  });

  it.each(['web', 'left-pad', 'fs'])('forbids %s in the store', (name) => {
    expect(forbiddenPackages(MAP, FENCES, modules({ 'store/a.ts': `import '${name}'` }))).toHaveLength(1);
  });
});

describe('importCycles', () => {
  it('tells the way round, once', () => {
    const circle = modules({
      'a.ts': "import './b.ts'",
      'b.ts': "import './c.ts'",
      'c.ts': "export * from './b.ts'",
    });
    expect(importCycles(circle)).toEqual(['b.ts → c.ts → b.ts']);
  });

  it('finds none in a diamond', () => {
    const diamond = modules({
      'a.ts': "import './b.ts'; import './c.ts'",
      'b.ts': "import './d.ts'",
      'c.ts': "import './d.ts'",
      'd.ts': '',
    });
    expect(importCycles(diamond)).toEqual([]);
  });
});
