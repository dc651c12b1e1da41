import { TwilioUnavailable } from '../domain/twilio-unavailable.ts';
import type { HistoryPage, TwilioHistory } from '../signals/backfill/ports.ts';
import { textOf, textOrNullOf } from './read-text.ts';
import type { TwilioServices } from './twilio-services.ts';

/** The most that Twilio gives at once. */
const CONVERSATIONS_A_PAGE = 100;
const PARTICIPANTS_A_PAGE = 100;
const MESSAGES_A_PAGE = 100;
const USERS_A_PAGE = 50;

/** The lists of Twilio's Conversations API as one remembers them: who was where, and when. Only reads. */
export function createTwilioHistory(services: TwilioServices): TwilioHistory {
  return {
    users: (service, next) =>
      services.read(service, async ({ twilio, serviceSid }) => {
        const list = twilio.conversations.v1.services(serviceSid).users;
        const page = await (next === null ? list.page({ pageSize: USERS_A_PAGE }) : list.getPage(next));
        return pageOf(page, ({ identity, dateCreated, dateUpdated }) => ({
          identity: textOf(identity),
          createdAt: instantOf(dateCreated),
          updatedAt: instantOf(dateUpdated),
        }));
      }),

    conversations: (service, createdBefore, next) =>
      services.read(service, async ({ twilio, serviceSid }) => {
        const list = twilio.conversations.v1.services(serviceSid).conversations;
        const endDate = `${new Date(createdBefore - 1).toISOString().slice(0, 10)}T23:59:59Z`;
        const page = await (next === null
          ? list.page({ endDate, pageSize: CONVERSATIONS_A_PAGE })
          : list.getPage(next));
        return pageOf(page, ({ sid, dateCreated }) => ({
          sid: textOf(sid),
          createdAt: instantOf(dateCreated),
        }));
      }),

    participants: (service, conversation, next) =>
      services.read(service, async ({ twilio, serviceSid }) => {
        const list = twilio.conversations.v1.services(serviceSid).conversations(conversation).participants;
        const page = await (next === null
          ? list.page({ pageSize: PARTICIPANTS_A_PAGE })
          : list.getPage(next));
        return pageOf(page, (participant) => ({
          sid: textOf(participant.sid),
          identity: textOrNullOf(participant.identity),
          address: addressOf(participant.messagingBinding),
          createdAt: instantOf(participant.dateCreated),
          lastReadIndex: indexOf(participant.lastReadMessageIndex),
          lastReadAt:
            participant.lastReadTimestamp === null ? null : instantOf(participant.lastReadTimestamp),
        }));
      }),

    messages: (service, conversation, next) =>
      services.read(service, async ({ twilio, serviceSid }) => {
        const list = twilio.conversations.v1.services(serviceSid).conversations(conversation).messages;
        const page = await (next === null
          ? list.page({ order: 'desc', pageSize: MESSAGES_A_PAGE })
          : list.getPage(next));
        return pageOf(page, ({ index, author, participantSid, dateCreated }) => ({
          index: indexOf(index) ?? 0,
          author: textOf(author ?? 'system'),
          participantSid: textOrNullOf(participantSid),
          createdAt: instantOf(dateCreated),
        }));
      }),
  };
}

function pageOf<Instance, Item>(
  { instances, nextPageUrl }: { instances: Instance[]; nextPageUrl?: unknown },
  read: (instance: Instance) => Item,
): HistoryPage<Item> {
  return { items: instances.map(read), next: textOrNullOf(nextPageUrl) };
}

function instantOf(value: unknown): number {
  const at = value instanceof Date ? value.getTime() : Date.parse(String(value));
  if (!Number.isNaN(at)) return at;
  throw new TwilioUnavailable('unreadable', 'a record of a list lacks its time');
}

function indexOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

function addressOf(binding: unknown): string | null {
  const { address } = (binding ?? {}) as { address?: unknown };
  return typeof address === 'string' && address !== '' ? address : null;
}
