import { resolve } from 'node:path';
import { manifestSchema } from '../../contract/closing.ts';
import { type PublicJwk, parsePublicKeys } from '../../reports/manifest-key.ts';
import type { CliIo } from '../cli-io.ts';
import { formatFacts } from './format-rows.ts';
import type { OperatorOptions } from './operator-options.ts';
import { parseBaseUrl } from './parse-base-url.ts';
import { readJsonFile } from './read-file.ts';
import { readPublicKeys, tellVerification } from './tell-verification.ts';
import { UsageError } from './usage-error.ts';
import { type Verification, verifyExport } from './verify-export.ts';

interface Options extends OperatorOptions {
  manifest?: string;
  key?: string;
}

/** A manifest without a signature anybody could have made, with the file. */
const UNSIGNED = 'unsigned: it shows that the file is whole, not who made it';
const PATIENCE_MS = 30_000;

/** Needs no ops key: a manifest, and the public key that anybody can have. Exits 1 when something does not fit. */
export function verifyFile(io: CliIo, options: Options, file: string): Promise<number> {
  return tellVerification(io, {
    json: options.json === true,
    verify: async () => {
      const json = readManifest(io, options.manifest);
      const manifest = manifestSchema.safeParse(json);
      if (!manifest.success) throw new UsageError(`${options.manifest} is no manifest of an export`);
      return verifyExport({
        ...{ file: resolve(io.config.cwd, file), manifest: manifest.data, json },
        keys: () => readKeys(io, options),
        mustBeSigned: options.key !== undefined,
      });
    },
    format,
  });
}

function readManifest(io: CliIo, path: string | undefined): Record<string, unknown> {
  if (path === undefined) throw new UsageError('say with --manifest what the file is to be held against');
  return readJsonFile(io, path);
}

async function readKeys(io: CliIo, { key, url }: Options): Promise<readonly PublicJwk[]> {
  if (key !== undefined) return readPublicKeys(io, key);
  const { base } = parseBaseUrl(url);
  const address = `${base}/.well-known/jwks.json`;
  try {
    const response = await io.fetch(address, { redirect: 'error', signal: AbortSignal.timeout(PATIENCE_MS) });
    return parsePublicKeys(await response.text()) ?? [];
  } catch {
    throw new UsageError(`${address} does not answer; give the public key with --key`);
  }
}

function format({ ok, file, month, rows, sha256, signature, faults }: Verification): string[] {
  return [
    ok ? `${file} is the export of ${month}` : `${file} is NOT the export of ${month}`,
    ...formatFacts([
      ['rows', rows.found],
      ['sha256', sha256.found],
      ['signature', signature === 'unsigned' ? UNSIGNED : signature],
    ]),
    ...faults.map((fault) => `fault: ${fault}`),
  ];
}
