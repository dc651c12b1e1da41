import { monthEndSeconds } from '../../domain/month.ts';
import { isConversationSid } from '../../ledger/conversations.ts';
import { type BackfillRun, makeCall } from './backfill-run.ts';
import type { HistoryConversation, HistoryPage } from './ports.ts';

/** A page of the conversations that may hold something of the month; one call. */
export async function listConversations(
  run: BackfillRun,
  from: string | null,
): Promise<HistoryPage<HistoryConversation>> {
  const endsAt = monthEndSeconds(run.month) * 1000;
  const { items, next } = await makeCall(run, () => run.history.conversations(run.service, endsAt, from));
  return {
    items: items.filter(({ sid, createdAt }) => createdAt < endsAt && isConversationSid(sid)),
    next,
  };
}
