import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
// Ends every child when this process exits; being asked first, it goes before the folder is removed.
import './children.js';

/** A folder that is gone when this process is, however it ends short of being killed outright. */
export async function makeTemporaryFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'mau-guard-bench-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}
