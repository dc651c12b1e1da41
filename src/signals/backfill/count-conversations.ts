import type { BackfillRun } from './backfill-run.ts';
import { listConversations } from './list-conversations.ts';

/**
 * Counts what is there to be read, since no list of Twilio tells its length: a call for a hundred conversations, of
 * which reading takes two hundred at least. Goes on where the record says, and does nothing once all are counted.
 */
export async function countConversations(run: BackfillRun): Promise<void> {
  const { record, save } = run;
  while (record.counting?.next !== null) {
    const { items, next } = await listConversations(run, record.counting?.next ?? null);
    record.counting = { conversations: (record.counting?.conversations ?? 0) + items.length, next };
    await save();
  }
}
