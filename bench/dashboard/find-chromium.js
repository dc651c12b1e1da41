import { spawnSync } from 'node:child_process';

/** The names that `scripts/provide-chromium.js` tries. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The Chromium that `CHROMIUM_BIN` names, else the first on PATH; null: there is none. */
export function findChromium() {
  const names = process.env.CHROMIUM_BIN ? [process.env.CHROMIUM_BIN] : NAMES;
  for (const name of names) {
    if (spawnSync(name, ['--version'], { stdio: 'ignore' }).status !== 0) continue;
    if (name.includes('/')) return name;
    return spawnSync('which', [name], { encoding: 'utf8' }).stdout.trim();
  }
  return null;
}
