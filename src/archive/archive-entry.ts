import { createHash } from 'node:crypto';
import type { Month } from '../domain/month.ts';
import type { ServiceName } from '../domain/service-name.ts';
import { canonicalBytes } from '../reports/manifest.ts';
import type { ManifestKey } from '../reports/manifest-key.ts';

/** What is kept of a month, a compressed file each. */
export const ARCHIVE_PARTS = ['mints', 'identities', 'figures'] as const;

export type ArchivePart = (typeof ARCHIVE_PARTS)[number];

/** What the lines of a part come to. */
export interface PartDigest {
  rows: number;
  /** SHA-256 of the lines before compression, lower-case hex. */
  sha256: string;
}

/**
 * A month in the archive, and a link of the chain: each entry holds the hash of the one before it, so that none can be
 * changed, left out or moved without the next one telling. Members are flat, as {@link canonicalBytes} wants them.
 */
export interface ArchiveEntry {
  archive: 'mau-guard 1';
  service: ServiceName;
  month: Month;
  /** Place in the chain of the service, from 1. A later entry of the same month stands for the earlier one. */
  number: number;
  /** {@link hashOfEntry} of the entry before; null in the first. */
  previous: string | null;
  /** Version of the counting rules that the month was closed by. */
  rulesVersion: string;
  /** When the rows were read, ISO-8601. */
  asOf: string;
  mintRows: number;
  mintSha256: string;
  /** Of the first and the last row of the mint log; 0 in an empty one. */
  firstOrdinal: number;
  lastOrdinal: number;
  identityRows: number;
  identitySha256: string;
  figureRows: number;
  figureSha256: string;
  /** Names the key in `/.well-known/jwks.json`; null without a signature. */
  kid: string | null;
  /** Ed25519 over {@link canonicalBytes}, base64url; null without a key. */
  signature: string | null;
}

export interface ArchiveSubject
  extends Pick<
    ArchiveEntry,
    'service' | 'month' | 'number' | 'previous' | 'rulesVersion' | 'asOf' | 'firstOrdinal' | 'lastOrdinal'
  > {
  digests: Record<ArchivePart, PartDigest>;
}

/** @param key signs; null leaves it unsigned */
export function buildEntry({ digests, ...subject }: ArchiveSubject, key: ManifestKey | null): ArchiveEntry {
  const { mints, identities, figures } = digests;
  const unsigned = {
    archive: 'mau-guard 1' as const,
    ...subject,
    ...{ mintRows: mints.rows, mintSha256: mints.sha256 },
    ...{ identityRows: identities.rows, identitySha256: identities.sha256 },
    ...{ figureRows: figures.rows, figureSha256: figures.sha256 },
    kid: key?.kid ?? null,
  };
  return { ...unsigned, signature: key?.sign(canonicalBytes({ ...unsigned })) ?? null };
}

/** SHA-256 over what is signed of an entry, lower-case hex. */
export function hashOfEntry(entry: ArchiveEntry): string {
  return createHash('sha256')
    .update(canonicalBytes({ ...entry }))
    .digest('hex');
}

/** What an entry says of its files. */
export function digestsOf(entry: ArchiveEntry): Record<ArchivePart, PartDigest> {
  return {
    mints: { rows: entry.mintRows, sha256: entry.mintSha256 },
    identities: { rows: entry.identityRows, sha256: entry.identitySha256 },
    figures: { rows: entry.figureRows, sha256: entry.figureSha256 },
  };
}
