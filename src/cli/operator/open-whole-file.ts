import { open, rename, rm } from 'node:fs/promises';
import type { ExportSink } from './export-sink.ts';
import { UsageError } from './usage-error.ts';

/** It holds who people are. */
const OWNER_ONLY = 0o600;

/**
 * A file that is there only when it is whole; until then it is `<path>.part`, which goes when the run breaks off.
 *
 * @throws UsageError when it cannot be written
 */
export async function openWholeFile(path: string): Promise<ExportSink> {
  const part = `${path}.part`;
  const handle = await open(part, 'w', OWNER_ONLY).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${path} cannot be written: ${error.code ?? String(error)}`);
  });
  return {
    start: { cursor: null, rows: 0 },
    async write(text) {
      await handle.writeFile(text);
    },
    async finish() {
      await handle.sync();
      await handle.close();
      await rename(part, path);
    },
    async leave() {
      await handle.close();
      await rm(part, { force: true });
    },
  };
}
