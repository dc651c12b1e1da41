import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/** Where a journal is, or would be made. Nothing is written. */
export async function probeJournal(path: string): Promise<{ trouble: string | null; freeBytes: number }> {
  const file = resolve(path);
  try {
    const standing = await standingPart(file);
    const found = await stat(standing);
    if (standing === file && !found.isFile()) return { trouble: 'there is something else', freeBytes: 0 };
    if (standing !== file && !found.isDirectory()) {
      return { trouble: 'its folder cannot be made: a file is in the way', freeBytes: 0 };
    }
    await access(standing, constants.W_OK);
    const { bavail, bsize } = await statfs(standing);
    return { trouble: null, freeBytes: bavail * bsize };
  } catch (error) {
    return { trouble: (error as NodeJS.ErrnoException).code ?? String(error), freeBytes: 0 };
  }
}

/** The file, or the nearest folder above it that is there: the rest is made at start. */
async function standingPart(path: string): Promise<string> {
  try {
    await stat(path);
    return path;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if ((code !== 'ENOENT' && code !== 'ENOTDIR') || dirname(path) === path) throw error;
    return standingPart(dirname(path));
  }
}
