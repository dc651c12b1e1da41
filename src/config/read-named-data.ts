import { resolve } from 'node:path';
import { describeFound } from './config-fault.ts';
import type { EnvironmentInput } from './environment-input.ts';
import type { Findings } from './findings.ts';
import { type DataKind, listShipped, readShipped } from './shipped-data.ts';

/** What stands in the configuration or a flag: a shipped name, or the path of a file. */
export interface NamedData {
  text: string;
  path: string;
  /** Whether it is one of those that come with the package. */
  shipped: boolean;
}

/** Reads the file that a name or path stands for; null when there is none, which is in `findings` then. */
export function readNamedData(
  kind: DataKind,
  named: string,
  at: { where: string; line?: number },
  input: Pick<EnvironmentInput, 'cwd' | 'readFile'>,
  findings: Findings,
): NamedData | null {
  const shipped = listShipped(kind);
  if (shipped.includes(named)) return { ...readShipped(kind, named), shipped: true };
  const isPath = /[/\\]|\.(ya?ml|json)$/.test(named);
  try {
    if (isPath) return { text: input.readFile(resolve(input.cwd, named)), path: named, shipped: false };
    findings.fault({
      ...at,
      expected: `one of ${shipped.join(', ')}, or the path of a file`,
      found: describeFound(named),
    });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'no reason';
    const found = `${named}, which is ${code === 'ENOENT' ? 'not there' : `unreadable (${code})`}`;
    findings.fault({ ...at, expected: 'a readable file', found });
  }
  return null;
}
