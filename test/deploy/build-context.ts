import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

interface Rule {
  pattern: RegExp;
  keeps: boolean;
}

/** Says of paths below the repository, with forward slashes, whether `.dockerignore` lets them into a build. */
export function readDockerignore(root: string): (path: string) => boolean {
  const rules = readFileSync(join(root, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map(toRule);
  return (path) => {
    const steps = path.split('/');
    const prefixes = steps.map((_, index) => steps.slice(0, index + 1).join('/'));
    let isIn = true;
    // The last rule that matches the path, or a folder that it is in, decides.
    for (const { pattern, keeps } of rules) {
      if (prefixes.some((prefix) => pattern.test(prefix))) isIn = keeps;
    }
    return isIn;
  };
}

function toRule(line: string): Rule {
  const keeps = line.startsWith('!');
  const glob = keeps ? line.slice(1) : line;
  const source = glob
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*\*\//g, '(?:\0/)?')
    .replace(/\*/g, '[^/]*')
    .replace(/\0/g, '.*');
  return { pattern: new RegExp(`^${source}$`), keeps };
}

/** Files that a COPY of this source finds in the build context, below the repository. */
export function filesOfSource(root: string, source: string): string[] {
  const isIn = readDockerignore(root);
  const named = source.includes('*') ? globNames(root, source) : [source];
  return named.flatMap((name) => filesUnder(root, name)).filter(isIn);
}

function globNames(root: string, glob: string): string[] {
  const { pattern } = toRule(glob);
  return readdirSync(root).filter((name) => pattern.test(name));
}

function filesUnder(root: string, path: string): string[] {
  if (!statSync(join(root, path)).isDirectory()) return [path];
  return readdirSync(join(root, path)).flatMap((name) => filesUnder(root, `${path}/${name}`));
}
