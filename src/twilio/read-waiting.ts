import type { Identity } from '../domain/identity.ts';
import { TwilioUnavailable } from '../domain/twilio-unavailable.ts';
import type { WaitingConversation } from '../issue/ports.ts';
import type { Conversations } from './open-conversations.ts';
import { textOf } from './read-text.ts';
import { statusOf } from './twilio-failure.ts';

/** Whoever has more conversations is looked through so far. */
const PAGES_MAX = 4;
/** Twilio gives no more. */
const PAGE_ITEMS = 50;
/** A path cannot hold these as names: they would lead to another resource. */
const PATH_STEPS = ['.', '..'];

type ConversationPage = Pick<
  Awaited<
    ReturnType<ReturnType<ReturnType<Conversations['services']>['users']>['userConversations']['page']>
  >,
  'instances' | 'nextPage'
>;

/**
 * Conversations that wait for a person at Twilio: those with unread messages, and those that they were added to and
 * never opened, as one message. Closed ones do not count. Nothing waits for somebody whom Twilio does not know.
 *
 * Only reads; reads by REST are on none of Twilio's lists of billable acts.
 *
 * @param enough looks no further once so many are found
 */
export async function readWaiting(
  twilio: Conversations,
  serviceSid: string,
  identity: Identity,
  enough: number,
): Promise<WaitingConversation[]> {
  const waiting: WaitingConversation[] = [];
  if (PATH_STEPS.includes(identity)) return waiting;
  const conversations = twilio.services(serviceSid).users(identity).userConversations;
  try {
    let page: ConversationPage = await conversations.page({ pageSize: PAGE_ITEMS });
    for (let pages = 1; ; pages++) {
      for (const instance of page.instances) {
        // Twilio counts nothing as unread in a conversation that was never opened: the count is null then.
        const unread = countOf(instance.unreadMessagesCount ?? 1);
        if (instance.conversationState === 'closed' || unread === 0) continue;
        waiting.push({ sid: textOf(instance.conversationSid), unread });
      }
      if (waiting.length >= enough || pages === PAGES_MAX) return waiting;
      const next = await page.nextPage();
      if (!next) return waiting;
      page = next;
    }
  } catch (error) {
    if (statusOf(error) === 404) return waiting;
    throw error;
  }
}

function countOf(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new TwilioUnavailable('unreadable', 'a conversation lacks the count of what is unread in it');
}
