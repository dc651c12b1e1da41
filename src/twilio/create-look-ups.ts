import { LRUCache } from 'lru-cache';
import { createSingleFlight } from '../async/single-flight.ts';
import { within } from '../async/within.ts';
import { GatewayError } from '../domain/gateway-error.ts';
import type { Identity } from '../domain/identity.ts';
import type { ServiceName } from '../domain/service-name.ts';
import { isWithinSpan, type Span, spanOf } from '../domain/span.ts';
import { type Conversations, openConversations, type TwilioOptions } from './open-conversations.ts';
import { twilioUnavailable } from './twilio-failure.ts';

export interface LookUpService extends Omit<TwilioOptions, 'restUrl' | 'timeoutMs'> {
  name: ServiceName;
  /** Of the Conversations service, `IS…`. */
  serviceSid: string;
}

export interface LookUpOptions {
  services: readonly LookUpService[];
  /** See {@link TwilioOptions.restUrl}. */
  restUrl: string | null;
  /** Deadline of one look-up with all its pages, ms; default 2 s. */
  timeoutMs?: number;
}

/**
 * Looks one person up; `nowMs` is ms since the epoch.
 *
 * @throws GatewayError `twilio-unavailable` when it cannot be told in time
 */
export type LookUp<Answer> = (service: ServiceName, identity: Identity, nowMs: number) => Promise<Answer>;

type Read<Answer> = (twilio: Conversations, serviceSid: string, identity: Identity) => Promise<Answer>;

const TIMEOUT_MS = 2_000;
const REMEMBERED_MS = 60_000;
const REMEMBERED_MAX = 20_000;
/** After a failure Twilio is left alone for so long, so that an outage does not slow every request. */
const PAUSE_MS = 5_000;

/**
 * Look-ups that somebody waits for. Answers are kept for a minute, callers that ask for the same person at the same
 * time share one look-up, and after a failure there is a pause.
 */
export function createLookUps<Answer extends object>(
  { services, restUrl, timeoutMs = TIMEOUT_MS }: LookUpOptions,
  read: Read<Answer>,
): LookUp<Answer> {
  const lookUps = new Map(
    services.map((service) => [service.name, createLookUp(service, restUrl, timeoutMs, read)] as const),
  );
  return async (service, identity, nowMs) => {
    const lookUp = lookUps.get(service);
    if (lookUp === undefined) throw new TypeError(`There is no service ${service}.`);
    return lookUp(identity, nowMs);
  };
}

function createLookUp<Answer extends object>(
  service: LookUpService,
  restUrl: string | null,
  timeoutMs: number,
  read: Read<Answer>,
) {
  const answers = new LRUCache<Identity, { answer: Answer; span: Span }>({ max: REMEMBERED_MAX });
  const share = createSingleFlight<Answer>();
  // Begun now: loading the library takes a quarter of a second, which no mint should wait for.
  const opened = openConversations({ ...service, restUrl, timeoutMs });
  opened.catch(() => {});
  let pause: Span | null = null;

  async function ask(identity: Identity, nowMs: number): Promise<Answer> {
    if (pause !== null && isWithinSpan(pause, nowMs)) {
      const retryAfterSeconds = Math.ceil((pause.untilMs - nowMs) / 1000);
      throw new GatewayError('twilio-unavailable', 'a read failed a moment ago', { retryAfterSeconds });
    }
    try {
      // The single calls have the same deadline; this one bounds them together.
      const answer = await within(timeoutMs, read(await opened, service.serviceSid, identity));
      answers.set(identity, { answer, span: spanOf(nowMs, REMEMBERED_MS) });
      return answer;
    } catch (error) {
      pause = spanOf(nowMs, PAUSE_MS);
      throw twilioUnavailable(error, PAUSE_MS / 1000);
    }
  }

  return async (identity: Identity, nowMs: number): Promise<Answer> => {
    const known = answers.get(identity);
    if (known !== undefined && isWithinSpan(known.span, nowMs)) return known.answer;
    return share(identity, () => ask(identity, nowMs));
  };
}
