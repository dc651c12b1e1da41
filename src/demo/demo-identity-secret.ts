import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const FILE = 'demo-identity-secret';
const SECRET_LENGTH_MIN = 32;

/**
 * The identity secret of demo mode, kept beside the demo's ledger so that the sample people stay the same
 * people from start to start. Made at the first start, readable by its owner only.
 */
export function keepDemoIdentitySecret(ledgerPath: string): string {
  const folder = dirname(ledgerPath);
  const path = join(folder, FILE);
  const kept = readIfThere(path);
  if (kept.length >= SECRET_LENGTH_MIN) return kept;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const secret = randomBytes(32).toString('base64url');
  // Renamed into place, so that a start that is cut short leaves no half a secret.
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, `${secret}\n`, { mode: 0o600 });
  renameSync(unfinished, path);
  return secret;
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
