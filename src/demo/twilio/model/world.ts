import type { FakeActivity, FakeDeed } from './activity.ts';
import type { FakeEvent } from './fake-event.ts';
import type { FakeAccount, FakeConversation, FakeService, FakeSource } from './records.ts';

/** How an act is made. */
export interface ActOptions {
  /** SID; the first service unless told. */
  service?: string;
  /** `SDK` unless told. */
  source?: 'SDK' | 'API';
  /** Identity of the client for source `SDK`; the person concerned unless told. */
  client?: string;
  /** For source `API`: whether the caller sent `X-Twilio-Webhook-Enabled: true`; false unless told. */
  webhooks?: boolean;
}

/** An act, with all that was left open decided. */
export interface Act {
  service: FakeService;
  source: FakeSource;
  client: string | null;
  webhooks: boolean;
  at: number;
}

/** What the acts have in common: the records, the time, and who listens. */
export interface FakeWorld {
  account: FakeAccount;
  now(): number;
  newSid(prefix: string): string;
  /** @param person whom the act concerns: the client of an act by SDK unless told */
  begin(options: ActOptions | undefined, person: string | null): Act;
  emit(act: Act, type: string, fields: FakeEvent['fields']): void;
  note(act: Act, who: string, deed: FakeDeed): void;
  activities: FakeActivity[];
  onEvent(listener: (event: FakeEvent) => void): void;
}

/** What the API would refuse. */
export class FakeRefusal extends Error {
  override readonly name = 'FakeRefusal';
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

export function createWorld(
  account: FakeAccount,
  now: () => number,
  onActivity: (activity: FakeActivity) => void = () => {},
): FakeWorld {
  const activities: FakeActivity[] = [];
  const listeners: ((event: FakeEvent) => void)[] = [];
  let sids = 0;
  const note: FakeWorld['note'] = ({ service, at }, who, deed) => {
    const activity = { serviceSid: service.sid, who, deed, at };
    activities.push(activity);
    onActivity(activity);
  };
  return {
    account,
    now,
    activities,
    note,
    newSid: (prefix) => `${prefix}${(++sids).toString(16).padStart(32, '0')}`,
    onEvent: (listener) => void listeners.push(listener),

    begin({ service, source = 'SDK', client, webhooks = false } = {}, person) {
      const sid = service ?? account.services.keys().next().value;
      const found = account.services.get(sid ?? '');
      if (found === undefined) throw new FakeRefusal(20404, `There is no service ${sid}.`);
      const bySdk = source === 'SDK';
      const own = bySdk ? (client ?? person) : null;
      const act: Act = { service: found, source, client: own, webhooks: bySdk || webhooks, at: now() };
      // What a client does, it does over its connection.
      if (own !== null) note(act, own, 'connected');
      return act;
    },

    emit({ service, at, source, client, webhooks }, type, fields) {
      const event: FakeEvent = { type, serviceSid: service.sid, at, source, client, webhooks, fields };
      for (const listener of listeners) listener(event);
    },
  };
}

/** @throws FakeRefusal for one that does not exist */
export function findConversation({ service }: Pick<Act, 'service'>, sid: string): FakeConversation {
  const conversation = service.conversations.get(sid);
  if (conversation === undefined) throw new FakeRefusal(50350, `There is no conversation ${sid}.`);
  return conversation;
}

/** As webhooks write instants. */
export function instant(ms: number): string {
  return new Date(ms).toISOString();
}
