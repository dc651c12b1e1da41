import { monthStartSeconds } from '../../domain/month.ts';
import { TwilioUnavailable } from '../../domain/twilio-unavailable.ts';
import { type BackfillRun, makeCall } from './backfill-run.ts';
import { countConversations } from './count-conversations.ts';
import { listConversations } from './list-conversations.ts';
import type { HistoryConversation, HistoryPage } from './ports.ts';
import { readMessage, readParticipant, readUser } from './read-acts.ts';

/** Reads a month through to its end, from where the record says. Safe to repeat from anywhere. */
export async function runBackfill(run: BackfillRun): Promise<void> {
  const { record } = run;
  if (record.phase === 'users') await readUsers(run);
  if (record.phase === 'conversations') {
    await countConversations(run);
    await readConversations(run);
  }
}

async function readUsers(run: BackfillRun): Promise<void> {
  const { history, keep, service, context, record, save } = run;
  for (let more = true; more; ) {
    const { items, next } = await makeCall(run, () => history.users(service, record.next));
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
  const { record, save } = run;
  for (let more = true; more; ) {
    const { items, next } = await listConversations(run, record.next);
    for (const conversation of items) {
      if (record.donePage.includes(conversation.sid)) continue;
      await readConversation(run, conversation).catch(unlessDeleted);
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
  const atAddresses = new Set<string | null>();
  await eachPage(
    run,
    (next) => history.participants(service, sid, next),
    async (participants) => {
      record.read.participants += participants.length;
      for (const { sid: participant, identity } of participants) {
        if (identity === null) atAddresses.add(participant);
      }
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
        messages.map((message) =>
          readMessage(sid, message, atAddresses.has(message.participantSid), context),
        ),
        record.found,
      );
      // The newest come first: behind these there is nothing of the month any more.
      return !messages.some(({ createdAt }) => createdAt < startsAt);
    },
  );
  record.read.conversations++;
}

/** It was there when it was listed: whoever reads for hours meets some that are deleted meanwhile. */
function unlessDeleted(error: unknown): void {
  const isDeleted = error instanceof TwilioUnavailable && error.trouble === 'not-there';
  if (!isDeleted) throw error;
}

/** @param take says whether to go on */
async function eachPage<Item>(
  run: BackfillRun,
  read: (next: string | null) => Promise<HistoryPage<Item>>,
  take: (items: Item[]) => Promise<boolean>,
): Promise<void> {
  for (let next: string | null = null, more = true; more; ) {
    const from: string | null = next;
    const page: HistoryPage<Item> = await makeCall(run, () => read(from));
    next = page.next;
    more = (await take(page.items)) && next !== null;
  }
}
