import { type Month, monthEndSeconds, monthStartSeconds } from '../../domain/month.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import { isConversationSid } from '../../ledger/conversations.ts';
import type { BackfillRecord } from './backfill-progress.ts';
import type { KeepActs } from './keep-acts.ts';
import type { PacedRead } from './paced-reads.ts';
import type { HistoryConversation, HistoryPage, TwilioHistory } from './ports.ts';
import { type ActsContext, readMessage, readParticipant, readUser } from './read-acts.ts';

export interface BackfillRun {
  history: TwilioHistory;
  paced: PacedRead;
  keep: KeepActs;
  service: ServiceName;
  month: Month;
  context: ActsContext;
  /** Changed as the work goes on. */
  record: BackfillRecord;
  /** Keeps the record, so that another process can go on from there; rejects when one has done so. */
  save(): Promise<void>;
  /** Keeps others away while something takes long. */
  renew(): Promise<void>;
  signal: AbortSignal;
}

/** Reads a month through to its end, from where the record says. Safe to repeat from anywhere. */
export async function runBackfill(run: BackfillRun): Promise<void> {
  const { record } = run;
  if (record.phase === 'users') await readUsers(run);
  if (record.phase === 'conversations') await readConversations(run);
}

async function readUsers(run: BackfillRun): Promise<void> {
  const { history, keep, service, context, record, save } = run;
  for (let more = true; more; ) {
    const { items, next } = await call(run, () => history.users(service, record.next));
    await keep(
      items.map((user) => readUser(user, context)),
      record.found,
    );
    record.read.users += items.length;
    more = next !== null;
    record.next = next;
    if (!more) record.phase = 'conversations';
    await save();
  }
}

async function readConversations(run: BackfillRun): Promise<void> {
  const { history, service, month, record, save } = run;
  const endsAt = monthEndSeconds(month) * 1000;
  for (let more = true; more; ) {
    const { items, next } = await call(run, () => history.conversations(service, endsAt, record.next));
    for (const conversation of items) {
      if (record.donePage.includes(conversation.sid)) continue;
      if (conversation.createdAt < endsAt && isConversationSid(conversation.sid)) {
        await readConversation(run, conversation);
      }
      record.donePage.push(conversation.sid);
      await save();
    }
    more = next !== null;
    record.next = next;
    record.donePage = [];
    if (!more) record.phase = 'done';
    await save();
  }
}

async function readConversation(run: BackfillRun, { sid }: HistoryConversation): Promise<void> {
  const { history, keep, service, month, context, record } = run;
  const startsAt = monthStartSeconds(month) * 1000;
  await eachPage(
    run,
    (next) => history.participants(service, sid, next),
    async (participants) => {
      record.read.participants += participants.length;
      await keep(
        participants.map((participant) => readParticipant(sid, participant, context)),
        record.found,
      );
      return true;
    },
  );
  await eachPage(
    run,
    (next) => history.messages(service, sid, next),
    async (messages) => {
      record.read.messages += messages.length;
      await keep(
        messages.map((message) => readMessage(sid, message, context)),
        record.found,
      );
      // The newest come first: behind these there is nothing of the month any more.
      return !messages.some(({ createdAt }) => createdAt < startsAt);
    },
  );
  record.read.conversations++;
}

/** @param take says whether to go on */
async function eachPage<Item>(
  run: BackfillRun,
  read: (next: string | null) => Promise<HistoryPage<Item>>,
  take: (items: Item[]) => Promise<boolean>,
): Promise<void> {
  for (let next: string | null = null, more = true; more; ) {
    const from: string | null = next;
    const page: HistoryPage<Item> = await call(run, () => read(from));
    next = page.next;
    more = (await take(page.items)) && next !== null;
  }
}

async function call<Answer>(
  { paced, record, renew, signal }: BackfillRun,
  read: () => Promise<Answer>,
): Promise<Answer> {
  await renew();
  return paced(() => {
    record.read.calls++;
    return read();
  }, signal);
}
