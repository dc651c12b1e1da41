import { resolve } from 'node:path';
import type { CliIo } from '../cli-io.ts';
import { UsageError } from './usage-error.ts';

/** @throws UsageError when there is no such file */
export function readTextFile(io: CliIo, path: string): string {
  try {
    return io.config.readFile(resolve(io.config.cwd, path));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new UsageError(`${path} cannot be read: ${code}`);
  }
}

/** @throws UsageError when it holds no JSON object */
export function readJsonFile(io: CliIo, path: string): Record<string, unknown> {
  const text = readTextFile(io, path);
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
  } catch {
    // Said below: what a parser says of a text may quote it.
  }
  throw new UsageError(`${path} must hold a JSON object`);
}
