import type { Identity } from '../../../domain/identity.ts';
import { bucketOfConversation } from '../../buckets.ts';
import { CONVERSATIONS_MAX, type UnreadConversation, type UnreadMessages } from '../../conversations.ts';
import { createServiceKeys } from '../keys.ts';
import { type PageSource, resultsOf } from '../pages.ts';
import { sidBytes, sidOf, unpackConversation, unpackMembership } from '../records/packed-marks.ts';

/** Fields that one HSCAN answers; a member's hash is small enough to be read at once. */
const FIELDS_PER_SCAN = 512;
/** See `lua/includes/conversations.lua`. */
const INCOMPLETE = '!';

type Membership = ReturnType<typeof unpackMembership> & { sid: string };

/** What waits for a member: their conversations, then the highest index of each. */
export async function readUnread(source: PageSource, identity: Identity): Promise<UnreadMessages> {
  const { client, prefix, service } = source;
  const keys = createServiceKeys(prefix, service);
  const { memberships, incomplete } = await readMemberships(source, identity);
  const joined = memberships.filter(({ isMember }) => isMember);
  const pipeline = client.pipeline();
  for (const { sid } of joined) {
    pipeline.hgetBuffer(keys.conversations(bucketOfConversation(sid)), sidBytes(sid));
  }
  const found = joined.length === 0 ? [] : resultsOf<Buffer | null>(await pipeline.exec());
  const conversations: UnreadConversation[] = [];
  for (const [position, { sid, read }] of joined.entries()) {
    const bytes = found[position];
    if (!bytes) continue;
    const { messages, removed } = unpackConversation(bytes);
    if (!removed && messages > read) conversations.push({ sid, unread: messages - read });
  }
  return {
    conversations: conversations.sort((one, two) => (one.sid < two.sid ? -1 : 1)),
    incomplete,
    known: memberships.length > 0,
  };
}

async function readMemberships({ client, prefix, service }: PageSource, identity: Identity) {
  const key = createServiceKeys(prefix, service).member(identity);
  const memberships = new Map<string, Membership>();
  let incomplete = false;
  let cursor: Buffer | string = '0';
  do {
    const [next, fields]: [Buffer, Buffer[]] = await client.hscanBuffer(
      key,
      ...([cursor.toString(), 'COUNT', FIELDS_PER_SCAN] as const),
    );
    for (let at = 0; at < fields.length; at += 2) {
      const [field, bytes] = [fields[at]!, fields[at + 1]!];
      if (field.toString('latin1') === INCOMPLETE) incomplete = true;
      else memberships.set(sidOf(field), { sid: sidOf(field), ...unpackMembership(bytes) });
    }
    cursor = next;
  } while (cursor.toString() !== '0');
  return keepNewest([...memberships.values()], incomplete);
}

/** The script forgets some only now and then, and in the other direction; nobody sees more than are remembered. */
function keepNewest(memberships: Membership[], incomplete: boolean) {
  const newest = memberships.sort(
    (one, two) =>
      Number(two.isMember) - Number(one.isMember) ||
      two.changed - one.changed ||
      (one.sid < two.sid ? 1 : -1),
  );
  const forgotten = newest.splice(CONVERSATIONS_MAX);
  return { memberships: newest, incomplete: incomplete || forgotten.some(({ isMember }) => isMember) };
}
