import { GatewayError } from '../../domain/gateway-error.ts';
import type { Identity } from '../../domain/identity.ts';
import { monthOf } from '../../domain/month.ts';
import { bucketOfConversation } from '../buckets.ts';
import {
  CONVERSATIONS_MAX,
  type ConversationMark,
  type UnreadConversation,
  type UnreadMessages,
} from '../conversations.ts';
import { createServiceKeys } from './keys.ts';
import { packMark, sidBytes, sidOf, unpackConversation, unpackMembership } from './packed-marks.ts';
import { type PageSource, resultsOf } from './pages.ts';

const MARKS_PER_CALL = 128;
/** Fields that one HSCAN answers; a member's hash is small enough to be read at once. */
const FIELDS_PER_SCAN = 512;
/** See `mark-n.lua`. */
const INCOMPLETE = '!';

/** Writes marks, so many in a call. A failure may leave some of them written; repeating all of them does no harm. */
export async function markConversations(
  { client, prefix, service }: PageSource,
  marks: readonly ConversationMark[],
): Promise<void> {
  const keys = createServiceKeys(prefix, service);
  for (let from = 0; from < marks.length; from += MARKS_PER_CALL) {
    // Every key once: Redis pays for each that is named.
    const places = new Map<string, number>();
    const placeOf = (key: string) => {
      const place = places.get(key) ?? places.size + 1;
      places.set(key, place);
      return place;
    };
    const packed = marks.slice(from, from + MARKS_PER_CALL).map((mark) => {
      const identity = memberOf(mark);
      return packMark(mark, {
        conversation: needsConversation(mark)
          ? placeOf(keys.conversations(bucketOfConversation(mark.conversation)))
          : 0,
        member: identity === null ? 0 : placeOf(keys.member(identity)),
        totals: mark.kind === 'message' ? placeOf(keys.totals(monthOf(mark.at))) : 0,
      });
    });
    const reply = await client.mark(places.size, ...places.keys(), CONVERSATIONS_MAX, Buffer.concat(packed));
    if (reply !== 'marked') throw new GatewayError('ledger-unavailable', `mark answered "${reply}"`);
  }
}

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
  const memberships = new Map<string, ReturnType<typeof unpackMembership> & { sid: string }>();
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
  return { memberships: [...memberships.values()], incomplete };
}

/** Who a mark says something about, besides the conversation. */
function memberOf(mark: ConversationMark): Identity | null {
  switch (mark.kind) {
    case 'message':
      return mark.author;
    case 'member':
    case 'left':
      return mark.identity;
    case 'removed':
      return null;
    default:
      return mark satisfies never;
  }
}

function needsConversation({ kind }: ConversationMark): boolean {
  return kind === 'message' || kind === 'removed';
}
