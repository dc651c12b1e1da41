import type { ArchiveEntry } from './archive-entry.ts';
import { hashOfEntry } from './archive-entry.ts';
import type { StoredEntry } from './archive-folder.ts';
import { type ArchiveJob, ArchiveUnfit } from './job.ts';
import { standingEntries, verifyParts } from './verify-archive.ts';
import { type ChainHead, verifyChain } from './verify-chain.ts';

/**
 * The end of the chain, at which the next entry goes. An entry that was written just before a crash is taken up here. A
 * ledger that knows no archive, such as one that lost everything, takes up the whole chain when it is sound.
 *
 * @throws ArchiveUnfit when the folder does not hold the chain that the ledger knows
 */
export async function findEnd(job: ArchiveJob): Promise<ChainHead | null> {
  const { folder, lease } = job;
  const stored = await folder.entries();
  const last = stored.at(-1);
  if (last === undefined && lease.head === null) return null;
  if (last?.entry && last.number === lease.head?.number && hashOfEntry(last.entry) === lease.head.hash) {
    return lease.head;
  }
  const isNext =
    last?.entry &&
    last.number === (lease.head?.number ?? 0) + 1 &&
    last.entry.previous === (lease.head?.hash ?? null);
  if (isNext && last.entry) return takeUp(job, last.entry);
  if (lease.head === null && last?.entry) return takeUpAll(job, stored);
  const known = lease.head === null ? 'no archive' : `an archive that ends with entry ${lease.head.number}`;
  const found = last === undefined ? 'is empty' : `ends with entry ${last.number}`;
  throw new ArchiveUnfit(`The folder ${found}, and the ledger knows ${known}: is it the right one?`);
}

/** The entry is on the disk, and the ledger was not told. */
async function takeUp(job: ArchiveJob, entry: ArchiveEntry): Promise<ChainHead> {
  const { book, service, folder, lease } = job;
  const known = await book.read(service, entry.month);
  if (known?.entry.number !== entry.number) {
    const faults = await verifyParts(folder, entry);
    if (faults[0] !== undefined) throw new ArchiveUnfit(`${entry.month}: ${faults[0].says}`);
    await book.keep(service, {
      ...{ entry, heldUntil: null },
      ...{ mints: known?.mints ?? 'kept', people: known?.people ?? 'kept' },
    });
  }
  const head = { number: entry.number, hash: hashOfEntry(entry) };
  await lease.save({ head });
  return head;
}

async function takeUpAll(job: ArchiveJob, stored: readonly StoredEntry[]): Promise<ChainHead> {
  const { book, service, lease, key, publicKeys } = job;
  const findings = verifyChain(stored, { head: null, keys: publicKeys, mustBeSigned: key !== null });
  const [first] = findings;
  if (first !== undefined)
    throw new ArchiveUnfit(`The chain is not sound: ${first.month ?? ''} ${first.says}`);
  for (const entry of standingEntries(stored)) {
    if ((await book.read(service, entry.month)) !== null) continue;
    await book.keep(service, { entry, mints: 'kept', people: 'kept', heldUntil: null });
  }
  const last = stored.at(-1)?.entry;
  if (!last) throw new ArchiveUnfit('The last entry of the chain cannot be read.');
  const head = { number: last.number, hash: hashOfEntry(last) };
  await lease.save({ head });
  return head;
}
