import type { ServiceName } from '../../domain/service-name.ts';
import type { ConversationMark } from '../conversations.ts';
import type { Evidence } from '../ledger.ts';
import { withoutStale } from '../read-horizon.ts';
import type { Books } from './books.ts';
import { markConversations } from './conversations.ts';
import { recordEvidence } from './record-evidence.ts';

/** Writes what was told at once of people and of conversations. */
export function takeEvidence(
  books: Books,
  service: ServiceName,
  evidence: readonly Evidence[],
  marks: readonly ConversationMark[],
): void {
  // Before the marks, of which each has spoken against what came with it already.
  recordEvidence(books, service, withoutStale(evidence, marks));
  markConversations(books, service, marks);
}
