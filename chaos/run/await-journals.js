import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE_MS = 60_000;
const EVERY_MS = 50;

/**
 * Waits until nothing waits in the journals any more: until each of their files is as small as it was when the gateways
 * had just been started for the first time.
 *
 * @param {readonly string[]} folders one for each gateway
 * @param {number} emptyBytes together
 */
export async function awaitJournals(folders, emptyBytes) {
  const giveUpAt = performance.now() + PATIENCE_MS;
  for (;;) {
    const bytes = journalBytes(folders);
    if (bytes <= emptyBytes) return;
    if (performance.now() > giveUpAt)
      throw new Error(`${bytes} bytes stay in the journals, where ${emptyBytes} are empty`);
    await sleep(EVERY_MS);
  }
}

/**
 * Bytes of all journals, without the files that only lock them.
 *
 * @param {readonly string[]} folders
 */
export function journalBytes(folders) {
  return folders
    .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
    .filter((path) => !/lock|-wal$|-shm$|-journal$/.test(path))
    .reduce((sum, path) => sum + (statSync(path, { throwIfNoEntry: false })?.size ?? 0), 0);
}
