import type { ManifestAnswer } from '../../contract/closing.ts';
import { canonicalBytes } from '../../reports/manifest.ts';
import { isSignedBy, type PublicJwk } from '../../reports/manifest-key.ts';
import { compareExport } from './compare-export.ts';
import { measureExport } from './measure-export.ts';

/** Whether a file is the export that a manifest speaks of. */
export interface Verification {
  ok: boolean;
  file: string;
  month: string;
  /** Of the file; a `json` list is held against the manifest of the NDJSON export. */
  format: 'csv' | 'ndjson' | 'json';
  rows: { expected: number; found: number };
  /** Of a `json` list: of the NDJSON rows in it. */
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
  const found = await measureExport(file, manifest.format);
  const signature = await checkSignature(manifest, json, keys);
  const faults = compareExport(found, manifest);
  if (signature === 'invalid') faults.push('the signature does not fit the manifest: it was changed');
  if (signature === 'unknown-key') faults.push(`no key ${manifest.kid} is known that could have signed it`);
  if (signature === 'unsigned' && mustBeSigned) faults.push('the manifest is not signed');
  return {
    ...{ ok: faults.length === 0, file, month: manifest.month, format: found.format },
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
