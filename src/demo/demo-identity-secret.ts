import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const FILE = 'demo-identity-secret';

/**
 * The identity secret of demo mode, kept beside the demo's ledger so that the sample people stay the same
 * people from start to start. Made at the first start, readable by its owner only.
 */
export function keepDemoIdentitySecret(ledgerPath: string): string {
  const folder = dirname(ledgerPath);
  const path = join(folder, FILE);
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  mkdirSync(folder, { recursive: true });
  const secret = randomBytes(32).toString('base64url');
  writeFileSync(path, `${secret}\n`, { mode: 0o600 });
  return secret;
}
