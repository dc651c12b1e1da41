import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { filesOfSource } from './build-context.ts';
import { type Copy, copiesOf, parseDockerfile, type Stage } from './dockerfile.ts';

/**
 * Puts together, in a folder, the files that the last stage of the Dockerfile has at its working directory, by its own
 * COPY lines: as if an engine had built it, with this machine's Node and its installed packages.
 *
 * @param scratch an empty folder for what is built on the way
 */
export function assembleImage(root: string, scratch: string, target: string): void {
  const stages = parseDockerfile(readFileSync(join(root, 'Dockerfile'), 'utf8'));
  const [build, last] = stages as [Stage, Stage];
  for (const copy of copiesOf(build)) copyFromContext(root, copy, scratch);
  runBuild(root, scratch);
  for (const copy of copiesOf(last)) {
    if (copy.from === null) copyFromContext(root, copy, target);
    else for (const source of copy.sources) copyFromBuild(root, scratch, source, join(target, copy.target));
  }
}

function copyFromContext(root: string, { sources, target }: Copy, folder: string): void {
  for (const source of sources) {
    for (const file of filesOfSource(root, source)) {
      // A folder is copied by its content, a file into a target that ends in a slash.
      const name = file === source || source.includes('*') ? (file.split('/').at(-1) as string) : file;
      const inside = file.startsWith(`${source}/`) ? file.slice(source.length + 1) : name;
      copy(join(root, file), join(folder, target, inside));
    }
  }
}

function runBuild(root: string, folder: string): void {
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/build.js'], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the build stage fails:\n${stdout}${stderr}`);
}

function copyFromBuild(root: string, scratch: string, source: string, target: string): void {
  const path = source.replace(/^\/app\//, '');
  if (path === 'node_modules') {
    for (const name of productionPackages(root)) copy(join(root, name), join(dirname(target), name));
  } else {
    cpSync(join(scratch, path), target, { recursive: true });
  }
}

/** What `npm prune --omit=dev` leaves of the installed packages. */
function productionPackages(root: string): string[] {
  const lock = JSON.parse(readFileSync(join(root, 'node_modules/.package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: true; devOptional?: true }>;
  };
  return Object.entries(lock.packages)
    .filter(([, { dev, devOptional }]) => !dev && !devOptional)
    .map(([path]) => path);
}

/** Never the packages inside of a package: those are listed on their own. */
function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to, { recursive: true, filter: (path) => !path.slice(from.length).includes('node_modules') });
}

/** Takes away, or gives back, the right to write below a folder, for everybody. */
export function setWritable(folder: string, writable: boolean): void {
  spawnSync('chmod', ['-R', writable ? 'u+w' : 'a-w', folder]);
  if (writable) chmodSync(folder, 0o755);
}
