import { LRUCache } from 'lru-cache';
import { GatewayError } from '../domain/gateway-error.ts';
import type { Identity } from '../domain/identity.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { ReasonSource } from '../issue/ports.ts';
import { type Conversations, openConversations, type TwilioOptions } from './open-conversations.ts';
import { statusOf, twilioUnavailable } from './twilio-failure.ts';

export interface ReasonSourceService extends Omit<TwilioOptions, 'restUrl' | 'timeoutMs'> {
  name: ServiceName;
  /** Of the Conversations service, `IS…`. */
  serviceSid: string;
}

export interface ReasonSourceOptions {
  services: readonly ReasonSourceService[];
  /** See {@link TwilioOptions.restUrl}. */
  restUrl: string | null;
  /** Deadline of one look-up with all its pages, ms; default 2 s. */
  timeoutMs?: number;
}

const TIMEOUT_MS = 2_000;
/** Whoever has more conversations is looked through so far. */
const PAGES_MAX = 4;
/** Twilio gives no more. */
const PAGE_ITEMS = 50;
const REMEMBERED_MS = 60_000;
const REMEMBERED_MAX = 20_000;
/** After a failure Twilio is left alone for so long, so that an outage does not slow every mint. */
const PAUSE_MS = 5_000;
/** A path cannot hold these as names: they would lead to another resource. */
const PATH_STEPS = ['.', '..'];

/**
 * Asks Twilio whether a conversation waits for a person: one with unread messages, or one that they were added to
 * and never opened. Closed ones do not count. Somebody whom Twilio does not know has no reason.
 *
 * Only reads; reads by REST are on none of Twilio's lists of billable acts. Answers are kept for a minute, and
 * callers that ask for the same person at the same time share one look-up.
 */
export function createReasonSource({ services, restUrl, ...options }: ReasonSourceOptions): ReasonSource {
  const timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
  const lookUps = new Map(
    services.map((service) => [service.name, createLookUp(service, restUrl, timeoutMs)] as const),
  );
  return {
    async hasReason(service, identity, nowMs) {
      const lookUp = lookUps.get(service);
      if (lookUp === undefined) throw new TypeError(`There is no service ${service}.`);
      return lookUp(identity, nowMs);
    },
  };
}

function createLookUp(service: ReasonSourceService, restUrl: string | null, timeoutMs: number) {
  const answers = new LRUCache<Identity, { reason: boolean; until: number }>({ max: REMEMBERED_MAX });
  const flights = new Map<Identity, Promise<boolean>>();
  // Begun now: loading the library takes a quarter of a second, which no mint should wait for.
  const opened = openConversations({ ...service, restUrl, timeoutMs });
  opened.catch(() => {});
  let pausedUntil = 0;

  async function ask(identity: Identity, nowMs: number): Promise<boolean> {
    try {
      const reason = await within(timeoutMs, findReason(await opened, service.serviceSid, identity));
      answers.set(identity, { reason, until: nowMs + REMEMBERED_MS });
      return reason;
    } catch (error) {
      pausedUntil = nowMs + PAUSE_MS;
      throw twilioUnavailable(error, PAUSE_MS / 1000);
    }
  }

  return async (identity: Identity, nowMs: number): Promise<boolean> => {
    if (PATH_STEPS.includes(identity)) return false;
    const known = answers.get(identity);
    if (known !== undefined && nowMs < known.until) return known.reason;
    const joined = flights.get(identity);
    if (joined !== undefined) return joined;
    if (nowMs < pausedUntil) {
      const retryAfterSeconds = Math.ceil((pausedUntil - nowMs) / 1000);
      throw new GatewayError('twilio-unavailable', 'a read failed a moment ago', { retryAfterSeconds });
    }
    const flight = ask(identity, nowMs).finally(() => flights.delete(identity));
    flights.set(identity, flight);
    return flight;
  };
}

type ConversationPage = Pick<
  Awaited<
    ReturnType<ReturnType<ReturnType<Conversations['services']>['users']>['userConversations']['page']>
  >,
  'instances' | 'nextPage'
>;

async function findReason(twilio: Conversations, serviceSid: string, identity: Identity): Promise<boolean> {
  const conversations = twilio.services(serviceSid).users(identity).userConversations;
  try {
    let page: ConversationPage = await conversations.page({ pageSize: PAGE_ITEMS });
    for (let pages = 1; ; pages++) {
      if (page.instances.some(isWaiting)) return true;
      if (pages === PAGES_MAX) return false;
      const next = await page.nextPage();
      if (!next) return false;
      page = next;
    }
  } catch (error) {
    if (statusOf(error) === 404) return false;
    throw error;
  }
}

/** Twilio counts nothing as unread in a conversation that was never opened: the count is null then. */
function isWaiting(conversation: { conversationState: string; unreadMessagesCount: number | null }): boolean {
  const { conversationState, unreadMessagesCount } = conversation;
  return conversationState !== 'closed' && (unreadMessagesCount === null || unreadMessagesCount > 0);
}

/** The single calls have the same deadline; this one bounds them together. */
async function within<Result>(ms: number, work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
