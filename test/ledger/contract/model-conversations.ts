import type { Identity } from '../../../src/domain/identity.ts';
import { type Month, monthOf } from '../../../src/domain/month.ts';
import type { ConversationMark, UnreadConversation } from '../../../src/ledger/conversations.ts';
import type { Evidence } from '../../../src/ledger/ledger.ts';

/** Conversations in plain words: all marks are kept, and every answer looks through all of them. */
export class ModelConversations {
  readonly marks: ConversationMark[] = [];

  mark(marks: readonly ConversationMark[]): void {
    this.marks.push(...marks);
  }

  /** Conversations with a message in the month. */
  countIn(month: Month): number {
    return new Set(
      this.marks.flatMap((mark) =>
        mark.kind === 'message' && monthOf(mark.at) === month ? [mark.conversation] : [],
      ),
    ).size;
  }

  /** Whether no mark told the index before: one of an earlier month, or one by somebody else. */
  hasMoved({ identity, at, upTo }: Evidence): boolean {
    return !this.marks.some(
      (mark) =>
        mark.kind === 'member' &&
        mark.identity === identity &&
        mark.conversation === upTo?.conversation &&
        mark.lastRead !== null &&
        mark.lastRead >= upTo.index &&
        (monthOf(mark.at) < monthOf(at) || (mark.byOther === true && mark.at < at)),
    );
  }

  unread(identity: Identity): UnreadConversation[] {
    const sids = [...new Set(this.marks.map(({ conversation }) => conversation))].sort();
    return sids.flatMap((sid) => {
      const marks = this.marks.filter(({ conversation }) => conversation === sid);
      if (marks.some(({ kind }) => kind === 'removed') || !isMember(marks, identity)) return [];
      const highest = Math.max(-1, ...marks.map((mark) => (mark.kind === 'message' ? mark.index : -1)));
      const read = Math.max(-1, ...marks.map((mark) => readBy(mark, identity)));
      return highest > read ? [{ sid, unread: highest - read }] : [];
    });
  }
}

/** Of the marks about one membership the latest holds; at the same instant `left`. */
function isMember(marks: readonly ConversationMark[], identity: Identity): boolean {
  const own = marks.filter((mark) => 'identity' in mark && mark.identity === identity);
  const latest = Math.max(...own.map(({ at }) => at));
  const holding = own.filter(({ at }) => at === latest);
  return holding.length > 0 && holding.every(({ kind }) => kind === 'member');
}

function readBy(mark: ConversationMark, identity: Identity): number {
  if (mark.kind === 'message') return mark.author === identity ? mark.index : -1;
  if (mark.kind === 'member') return mark.identity === identity ? (mark.lastRead ?? -1) : -1;
  return -1;
}
