import { within } from '../../async/within.ts';
import { LedgerUnavailable } from '../../domain/ledger-unavailable.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import type { EvidenceLedger } from '../ledger.ts';
import type { ReplayLedger } from '../replay.ts';
import type { JournalEntry } from './ports.ts';

/** What a journal is brought to. */
export type ReplayTarget = ReplayLedger & EvidenceLedger;

/** For some hundred entries in one go. */
const LEDGER_DEADLINE_MS = 5_000;

/**
 * Tells the ledger entries of one service, in their order. A failure may leave some of them written, which repeating does
 * not mind.
 */
export async function tellEntries(
  ledger: ReplayTarget,
  service: ServiceName,
  entries: readonly JournalEntry[],
): Promise<void> {
  const mints = entries.flatMap((entry) => (entry.kind === 'mint' ? [entry.mint] : []));
  const brought = entries.flatMap((entry) => (entry.kind === 'evidence' ? [entry] : []));
  const evidence = brought.flatMap((entry) => entry.evidence);
  const marks = brought.flatMap((entry) => entry.marks);
  // First: whoever the ledger has lost gets class and tenant from a mint, which evidence does not know.
  if (mints.length > 0) await inTime(ledger.replay(service, mints));
  if (evidence.length + marks.length > 0) await inTime(ledger.record(service, evidence, marks));
}

function inTime(work: Promise<unknown>): Promise<unknown> {
  const late = () => new LedgerUnavailable('late', `no answer within ${LEDGER_DEADLINE_MS} ms`);
  return within(LEDGER_DEADLINE_MS, work, late);
}
