import type { Month } from '../domain/month.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { ManifestKey, PublicJwk } from '../reports/manifest-key.ts';
import type { ArchiveBook } from './archive-book.ts';
import { hashOfEntry } from './archive-entry.ts';
import type { ArchiveFolder } from './archive-folder.ts';
import { type ArchiveVerification, type KnownMonth, verifyArchive } from './verify-archive.ts';

export interface KnownArchive {
  ledger: Pick<Ledger, 'months'>;
  book: ArchiveBook;
  service: ServiceName;
  key: ManifestKey | null;
  publicKeys: readonly PublicJwk[];
}

/** How often an archive that changes while it is read is read again. */
const ATTEMPTS = 3;

/** Reads the archive and holds it against what the ledger knows of it. */
export async function verifyKnownArchive(
  folder: ArchiveFolder,
  { ledger, book, service, key, publicKeys }: KnownArchive,
): Promise<ArchiveVerification> {
  for (let attempt = 1; ; attempt += 1) {
    const [head, months] = await Promise.all([book.readHead(service), ledger.months(service)]);
    const known: KnownMonth[] = [];
    for (const month of months) {
      const record = await book.read(service, month);
      if (record === null) continue;
      known.push({ month, number: record.entry.number, hash: hashOfEntry(record.entry) });
    }
    // The ledger vouches for an end that it knows, such as one from before there was a key.
    const mustBeSigned = key !== null && head === null;
    const verification = await verifyArchive(
      folder,
      service,
      { head, keys: publicKeys, mustBeSigned },
      known,
    );
    const isSame = (await book.readHead(service))?.hash === head?.hash;
    if (!verification.ok && !isSame && attempt < ATTEMPTS) continue;
    const unknown: Month[] = [];
    for (const month of verification.months) {
      const record = await book.read(service, month);
      if (record === null || record.takenUp) unknown.push(month);
    }
    return { ...verification, unknown };
  }
}
