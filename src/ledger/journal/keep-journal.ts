import { within } from '../../async/within.ts';
import { GatewayError } from '../../domain/gateway-error.ts';
import { JOURNAL_HEADER } from './open-journal-file.ts';
import type { JournalKeeper, LedgerJournal } from './ports.ts';
import { createJournalReplay, type JournalReplayParts } from './replay-journal.ts';

export interface JournalKeeperParts extends Omit<JournalReplayParts, 'journal'> {
  journal: LedgerJournal;
  /** Others to be brought to the ledger as well, in which nothing is put. Default: none. */
  left?: readonly LedgerJournal[];
}

/** With what the ledger may take before, within the second that every sender of evidence is promised. */
const EVIDENCE_DEADLINE_MS = 400;
/** Somebody who is counted is better served late than not at all. */
const MINT_DEADLINE_MS = 2_000;

/** Puts a journal to work; {@link JournalKeeper.start} has to be called. */
export function createJournalKeeper(parts: JournalKeeperParts): JournalKeeper {
  const { journal, left = [], onEvent } = parts;
  const bytes = () => left.reduce((sum, one) => sum + one.bytes() - JOURNAL_HEADER.length, journal.bytes());
  const replay = createJournalReplay({ ...parts, journal: { ...journal, bytes } });
  const replaysOfLeft = left.map((one) => createJournalReplay({ ...parts, journal: { ...one, bytes } }));
  let taking = true;

  async function append<Answer>(work: Promise<Answer>, deadlineMs: number): Promise<Answer> {
    try {
      const late = () =>
        new GatewayError('ledger-unavailable', `the journal took more than ${deadlineMs} ms`);
      const answer = await within(deadlineMs, work, late);
      taking = true;
      onEvent({ kind: 'appended', bytes: bytes() });
      return answer;
    } catch (failure) {
      taking = false;
      onEvent({ kind: 'refused', failure, bytes: bytes() });
      throw failure;
    } finally {
      replay.start();
      // Also once it is really written: what came too late to be acknowledged stands in the journal all the same.
      work.then(replay.start, () => {});
    }
  }

  return {
    appendEvidence: (service, evidence, marks) =>
      append(journal.appendEvidence(service, evidence, marks), EVIDENCE_DEADLINE_MS),
    appendMint: (service, mint) => append(journal.appendMint(service, mint), MINT_DEADLINE_MS),
    isWaiting: replay.isWaiting,
    isTaking: () => taking,
    bytes,
    start() {
      for (const each of [replay, ...replaysOfLeft]) each.start();
    },
    async stop() {
      await Promise.all([replay, ...replaysOfLeft].map((each) => each.stop()));
      await Promise.all([journal, ...left].map((each) => each.close()));
    },
  };
}
