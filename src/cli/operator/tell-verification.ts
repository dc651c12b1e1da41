import { type PublicJwk, parsePublicKeys } from '../../reports/manifest-key.ts';
import type { CliIo } from '../cli-io.ts';
import { EXIT } from '../exit-codes.ts';
import { readTextFile } from './read-file.ts';
import { UsageError } from './usage-error.ts';

/** Runs a verification that asks no gateway, and tells what it found; exit code 1 when something does not fit. */
export async function tellVerification<Found extends { ok: boolean }>(
  { stdout, stderr }: CliIo,
  {
    json = false,
    verify,
    format,
  }: { json?: boolean; verify(): Promise<Found>; format(found: Found): string[] },
): Promise<number> {
  try {
    const found = await verify();
    const lines = json ? [JSON.stringify(found, null, 2)] : format(found);
    stdout.write(`${lines.join('\n')}\n`);
    return found.ok ? EXIT.ok : EXIT.failure;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    stderr.write(`error: ${error.message}\n`);
    return EXIT.usage;
  }
}

/** @throws UsageError when the file holds no key */
export function readPublicKeys(io: CliIo, path: string): PublicJwk[] {
  const keys = parsePublicKeys(readTextFile(io, path));
  if (keys === null) throw new UsageError(`${path} holds no Ed25519 key in PEM or as a JWK`);
  return keys;
}
