import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Folders of data that come with the package. */
export type DataKind = 'rules' | 'prices';

/** The same depth below the package from `src` and from `dist`. */
const CONFIG = join(import.meta.dirname, '../../config');

/** Names of the shipped files, in order; each is the name of what is in it. */
export function listShipped(kind: DataKind): string[] {
  return readdirSync(join(CONFIG, kind))
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length))
    .sort();
}

/** A shipped file by name, with the path that a fault names. */
export function readShipped(kind: DataKind, name: string): { path: string; text: string } {
  return {
    path: `config/${kind}/${name}.yaml`,
    text: readFileSync(join(CONFIG, kind, `${name}.yaml`), 'utf8'),
  };
}
