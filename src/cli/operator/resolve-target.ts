import { lstat, realpath } from 'node:fs/promises';
import { UsageError } from './usage-error.ts';

/**
 * Where a file is to be put that takes the place of what stands there. A link stays, and leads to the file.
 *
 * @throws UsageError when something else than a file stands there, such as a folder, a device or a link to nothing
 */
export async function resolveTarget(path: string): Promise<string> {
  const target = await realpath(path).catch(() => path);
  const found = await lstat(target).catch(() => null);
  if (found !== null && !found.isFile()) {
    throw new UsageError(`${path} cannot be written: what stands there is no file`);
  }
  return target;
}
