import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Names of the program, in the order in which they are tried. `scripts/provide-chromium.js` tries the same. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/**
 * The Chromium that the tests drive: what `CHROMIUM_BIN` names, else the first found on PATH.
 *
 * @throws Error that says what to install
 */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string {
  const chosen = env['CHROMIUM_BIN'];
  if (chosen) return chosen;
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const found = NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram);
  if (found !== undefined) return found;
  throw new Error(
    'These tests need Chromium, and there is none on PATH. Install it (Debian: chromium), or name the program in ' +
      'CHROMIUM_BIN, and run the tests again.',
  );
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
