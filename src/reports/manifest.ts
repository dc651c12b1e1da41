import type { Month } from '../domain/month.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { ExportFormat } from './export-formats.ts';
import type { ExportDigest } from './manifest-digest.ts';
import type { ManifestKey } from './manifest-key.ts';

/** What the identity export of a month is: whoever has a file can tell whether it is that export, whole and unchanged. */
export interface Manifest {
  export: 'identities';
  service: ServiceName;
  month: Month;
  format: ExportFormat;
  /** Identities; the header of a CSV is not one. */
  rows: number;
  /** SHA-256 of the file's bytes, lower-case hex. */
  sha256: string;
  /** Version of the counting rules that the month's figures were made by. */
  rulesVersion: string;
  /** When the rows were read, ISO-8601; of a closed month, when it was closed. */
  asOf: string;
  /** Names the key in `/.well-known/jwks.json` (RFC 7638 thumbprint); null without a signature. */
  kid: string | null;
  /** Ed25519 over {@link canonicalBytes}, base64url; null for an open month, or without a key. */
  signature: string | null;
}

export interface ManifestSubject {
  service: ServiceName;
  month: Month;
  rulesVersion: string;
  asOf: string;
}

/** @param key signs; null leaves it unsigned */
export function buildManifest(
  { service, month, rulesVersion, asOf }: ManifestSubject,
  format: ExportFormat,
  { rows, sha256 }: ExportDigest,
  key: ManifestKey | null,
): Manifest {
  const unsigned = {
    export: 'identities' as const,
    ...{ service, month, format, rows, sha256, rulesVersion, asOf },
    kid: key?.kid ?? null,
  };
  return { ...unsigned, signature: key?.sign(canonicalBytes(unsigned)) ?? null };
}

/**
 * The bytes that are signed: every member of the manifest but `signature`, as RFC 8785 (JSON Canonicalization Scheme)
 * writes them: members in the order of their names, no white space, UTF-8. Members are texts, whole numbers and null
 * only, for which that is what `JSON.stringify` does.
 */
export function canonicalBytes(
  manifest: Readonly<Record<string, unknown>> | Omit<Manifest, 'signature'>,
): Buffer {
  const members = Object.entries(manifest)
    .filter(([name]) => name !== 'signature')
    .sort(([one], [two]) => (one < two ? -1 : 1));
  return Buffer.from(JSON.stringify(Object.fromEntries(members)));
}
