import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { ManifestAnswer } from '../../contract/closing.ts';
import { canonicalBytes } from '../../reports/manifest.ts';
import { isSignedBy, type PublicJwk } from '../../reports/manifest-key.ts';
import { UsageError } from './usage-error.ts';

/** Whether a file is the export that a manifest speaks of. */
export interface Verification {
  ok: boolean;
  file: string;
  month: string;
  format: string;
  rows: { expected: number; found: number };
  sha256: { expected: string; found: string };
  /** `unsigned`: the manifest is of an open month, or was made without a key. */
  signature: 'valid' | 'invalid' | 'unknown-key' | 'unsigned';
  faults: string[];
}

export interface VerifyOrder {
  file: string;
  /** Everything in it but the signature is signed, also what this version does not know of. */
  manifest: ManifestAnswer;
  json: Readonly<Record<string, unknown>>;
  /** Asked for only where there is a signature. */
  keys: () => Promise<readonly PublicJwk[]>;
  /** True when an unsigned manifest is not enough. */
  mustBeSigned: boolean;
}

/** @throws UsageError when the file cannot be read */
export async function verifyExport({
  file,
  manifest,
  json,
  keys,
  mustBeSigned,
}: VerifyOrder): Promise<Verification> {
  const found = await measure(file, manifest.format);
  const signature = await checkSignature(manifest, json, keys);
  const faults: string[] = [];
  if (found.rows !== manifest.rows) faults.push(`${found.rows} rows, the manifest says ${manifest.rows}`);
  if (found.sha256 !== manifest.sha256) {
    faults.push('the bytes are others than those that the manifest is of (SHA-256)');
  }
  if (signature === 'invalid') faults.push('the signature does not fit the manifest: it was changed');
  if (signature === 'unknown-key') faults.push(`no key ${manifest.kid} is known that could have signed it`);
  if (signature === 'unsigned' && mustBeSigned) faults.push('the manifest is not signed');
  return {
    ...{ ok: faults.length === 0, file, month: manifest.month, format: manifest.format },
    rows: { expected: manifest.rows, found: found.rows },
    sha256: { expected: manifest.sha256, found: found.sha256 },
    ...{ signature, faults },
  };
}

async function checkSignature(
  { kid, signature }: ManifestAnswer,
  json: VerifyOrder['json'],
  keys: VerifyOrder['keys'],
): Promise<Verification['signature']> {
  if (signature === null) return 'unsigned';
  const key = (await keys()).find((one) => one.kid === kid);
  if (key === undefined) return 'unknown-key';
  return isSignedBy(key, canonicalBytes(json), signature) ? 'valid' : 'invalid';
}

const QUOTE = 0x22;
const LINE_FEED = 0x0a;

/** Rows and digest of a file, which is never in memory as a whole. */
async function measure(path: string, format: string): Promise<{ rows: number; sha256: string }> {
  const hash = createHash('sha256');
  let records = 0;
  let isQuoted = false;
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      for (const byte of chunk) {
        // A quoted cell may hold line ends; NDJSON escapes its own.
        if (byte === QUOTE && format === 'csv') isQuoted = !isQuoted;
        else if (byte === LINE_FEED && !isQuoted) records += 1;
      }
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new UsageError(`${path} cannot be read: ${code}`);
  }
  const header = format === 'csv' && records > 0 ? 1 : 0;
  return { rows: records - header, sha256: hash.digest('hex') };
}
