import { hashOfEntry } from './archive-entry.ts';
import { findEnd } from './find-end.ts';
import type { ArchiveJob } from './job.ts';

/**
 * Makes the folder ready for work: finds the end of its chain, and finishes or removes what a run before left unfinished.
 * Nothing is touched in a folder whose chain is another one than the ledger knows.
 *
 * @throws ArchiveUnfit as {@link findEnd} does
 */
export async function openChain(job: ArchiveJob): Promise<void> {
  const { folder, lease } = job;
  const end = await findEnd(job);
  const strays = await folder.prepare();
  const { begun } = lease;
  if (begun !== null) {
    const there = (await folder.entries()).filter(({ number }) => number === begun.number);
    const isDone = there.some(({ entry }) => entry !== null && hashOfEntry(entry) === begun.hash);
    if (isDone && begun.replaces !== null) {
      await folder.removeParts({ number: begun.replaces, month: begun.month });
    }
    if (there.length === 0) await folder.removeParts(begun);
    await lease.save({ begun: null });
  }
  if (end === null) return;
  // Nothing behind an end that the ledger knows was ever in the chain.
  for (const stray of strays) if (stray.number > end.number) await folder.removeParts(stray);
}
