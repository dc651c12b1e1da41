import type { SourceModule } from './source-modules.ts';

/**
 * Which part of the source tree may import which. A part is a folder, or a file at the top given without `.ts`;
 * a folder inside a folder is a part of its own when the map names it. What is imported may also be a single
 * file, such as `issue/ports`. A part may always import itself.
 */
export type ImportMap = Record<string, readonly string[] | { allBut: readonly string[] }>;

/** The longest entry of the map that holds the file, or null. */
export function partOf(map: ImportMap, path: string): string | null {
  const withoutEnding = path.replace(/\.tsx?$/, '');
  const holders = Object.keys(map).filter((part) => withoutEnding === part || path.startsWith(`${part}/`));
  return holders.sort((a, b) => b.length - a.length)[0] ?? null;
}

/** Imports that the map forbids, one line each. */
export function forbiddenImports(map: ImportMap, modules: readonly SourceModule[]): string[] {
  return modules.flatMap((module) => {
    const from = partOf(map, module.path);
    if (from === null)
      return [`src/${module.path} is in no part of the map; say there what its folder may import`];
    return module.files
      .filter((file) => !mayImport(map, from, file))
      .map((file) => `src/${module.path} imports src/${file}; ${from} may not`);
  });
}

function mayImport(map: ImportMap, from: string, file: string): boolean {
  const to = partOf(map, file);
  const rule = map[from] ?? [];
  const names = [to, file.replace(/\.tsx?$/, '')];
  if (to === from) return true;
  if ('allBut' in rule) return !names.some((name) => name !== null && rule.allBut.includes(name));
  return names.some((name) => name !== null && rule.includes(name));
}

/** Packages in the wrong place, and packages that `fences` does not know, one line each. */
export function forbiddenPackages(
  map: ImportMap,
  fences: Record<string, readonly string[]>,
  modules: readonly SourceModule[],
): string[] {
  return modules.flatMap((module) => {
    const part = partOf(map, module.path) ?? '';
    return module.packages
      .filter((name) => !name.startsWith('node:'))
      .filter((name) => !fences[name]?.some((fence) => part === fence || part.startsWith(`${fence}/`)))
      .map((name) => {
        const places = fences[name]?.join(', ') ?? 'nowhere yet: give it a place in the list';
        return `src/${module.path} imports ${name}, which belongs to ${places}`;
      });
  });
}

/** Circles of imports, each told once as the way round. Type imports count: two such files are one in the reader's head. */
export function importCycles(modules: readonly SourceModule[]): string[] {
  const imports = new Map(modules.map((module) => [module.path, module.files]));
  const done = new Set<string>();
  const cycles: string[] = [];
  const follow = (path: string, way: readonly string[]) => {
    const start = way.indexOf(path);
    if (start !== -1) cycles.push([...way.slice(start), path].join(' → '));
    if (start !== -1 || done.has(path)) return;
    for (const next of imports.get(path) ?? []) follow(next, [...way, path]);
    done.add(path);
  };
  for (const path of imports.keys()) follow(path, []);
  return cycles;
}
