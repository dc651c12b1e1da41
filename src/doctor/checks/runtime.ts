import { error, type Finding, ok } from '../finding.ts';

/** Whether this Node.js is among those that the package names, `>=20.19`. */
export function judgeNodeVersion(version: string, engines: string): Finding {
  const least = engines.replace(/^>=\s*/, '');
  if (compare(version.replace(/^v/, ''), least) >= 0) return ok(`${version}, needs ${engines}`);
  return error({
    detail: `${version}, needs ${engines}`,
    why: 'mau-guard is tested with these versions only; older ones lack what it uses.',
    fix: `Install Node.js ${least} or newer.`,
  });
}

function compare(one: string, other: string): number {
  const [mine, theirs] = [one, other].map((text) => text.split('.').map(Number)) as [number[], number[]];
  for (let at = 0; at < 3; at++) {
    const difference = (mine[at] ?? 0) - (theirs[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
