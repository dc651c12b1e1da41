import type { ArchiveEntry } from './archive-entry.ts';
import { hashOfEntry } from './archive-entry.ts';
import type { StoredEntry } from './archive-folder.ts';
import { type ArchiveJob, ArchiveUnfit } from './job.ts';
import { standingEntries, verifyParts } from './verify-archive.ts';
import { type ChainHead, verifyChain } from './verify-chain.ts';

/**
 * The end of the chain, at which the next entry goes. An entry that was written just before a crash is taken up here. A
 * ledger that knows no archive, or an earlier end of this one, has lost data: it takes up the whole chain when it is sound,
 * and only to put a month back, since the folder may be that of another ledger.
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
  if (last?.entry && isNext(job, last.entry)) return takeUp(job, last.entry);
  const { head } = lease;
  const isBehind = stored.some(
    ({ number, entry }) => number === head?.number && entry !== null && hashOfEntry(entry) === head.hash,
  );
  if (head === null || isBehind) {
    if (job.unknownChain === 'refuse') throw new ArchiveUnfit(saysUnknown(stored, head));
    return takeUpAll(job, stored);
  }
  const found = last === undefined ? 'is empty' : `ends with entry ${last.number}`;
  throw new ArchiveUnfit(
    `The folder ${found}, and the ledger knows an archive that ends with entry ${head.number}: is it the right one?`,
  );
}

/** Whether the entry follows what the ledger knows; a first one follows nothing, so the ledger must have begun it. */
function isNext({ lease }: ArchiveJob, { number, previous, ...rest }: ArchiveEntry): boolean {
  if (lease.head !== null) return number === lease.head.number + 1 && previous === lease.head.hash;
  return lease.begun?.hash === hashOfEntry({ number, previous, ...rest });
}

/** Why a ledger that knows no archive works on none that is there, and what to do. */
function saysUnknown(stored: readonly StoredEntry[], head: ChainHead | null): string {
  const unknown = stored.filter(({ number }) => number > (head?.number ?? 0));
  const months = new Set(unknown.map(({ month }) => month)).size;
  return (
    `The folder holds an archive that this ledger does not know, or not to its end (months: ${months}). If the ledger lost its data, put a ` +
    'month back first (mau-guard archive list, mau-guard restore); else give this gateway a folder of its own.'
  );
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
      ...(known?.takenUp || (known === null && lease.begun?.hash !== hashOfEntry(entry))
        ? { takenUp: true }
        : {}),
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
    const known = await book.read(service, entry.month);
    if (known !== null && known.entry.number >= entry.number) continue;
    const states = known ?? { mints: 'kept', people: 'kept', heldUntil: null, takenUp: true };
    await book.keep(service, { ...states, entry });
  }
  const last = stored.at(-1)?.entry;
  if (!last) throw new ArchiveUnfit('The last entry of the chain cannot be read.');
  const head = { number: last.number, hash: hashOfEntry(last) };
  await lease.save({ head });
  return head;
}
