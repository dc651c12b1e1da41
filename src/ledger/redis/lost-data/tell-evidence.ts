import type { ConversationMark } from '../../conversations.ts';
import type { EvidenceEntry } from '../../evidence-entry.ts';
import type { Evidence } from '../../ledger.ts';
import type { WriteEvidence } from '../evidence/evidence.ts';
import type { PageSource } from '../pages.ts';
import { type NameNow, readNamesNow } from '../steering/erased.ts';

/** Evidence and marks that are told in one go. */
const TOLD_AT_ONCE = 512;

/** Tells a store evidence that it may have already; whoever was erased since is told of by their pseudonym. */
export async function tellEvidence(
  source: PageSource,
  entries: Iterable<EvidenceEntry>,
  write: WriteEvidence,
): Promise<void> {
  let evidence: Evidence[] = [];
  let marks: ConversationMark[] = [];
  async function tell(): Promise<void> {
    const nameNow = await readNamesNow(source, [...evidence, ...marks].flatMap(identitiesIn));
    if (nameNow !== null) {
      evidence = evidence.map((piece) => ({
        ...piece,
        identity: nameNow(piece.identity, toSeconds(piece.at)),
      }));
      marks = marks.flatMap((mark) => withoutErased(mark, nameNow));
    }
    await write(source, evidence, marks);
    [evidence, marks] = [[], []];
  }

  for (const entry of entries) {
    evidence.push(...entry.evidence);
    marks.push(...entry.marks);
    if (evidence.length + marks.length >= TOLD_AT_ONCE) await tell();
  }
  if (evidence.length + marks.length > 0) await tell();
}

function identitiesIn(told: Evidence | ConversationMark) {
  if ('identity' in told) return [told.identity];
  return told.kind === 'message' && told.author !== null ? [told.author] : [];
}

/** An erasure takes a person's conversations away altogether. */
function withoutErased(mark: ConversationMark, nameNow: NameNow): ConversationMark[] {
  const [identity] = identitiesIn(mark);
  if (identity === undefined || nameNow(identity, toSeconds(mark.at)) === identity) return [mark];
  return mark.kind === 'message' ? [{ ...mark, author: null }] : [];
}

function toSeconds(ms: number): number {
  return Math.floor(ms / 1000);
}
