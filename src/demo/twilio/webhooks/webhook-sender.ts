import { signForm } from '../../../twilio/sign-webhook.ts';
import type { FakeModel } from '../model/create-fake-model.ts';
import type { FakeEvent } from '../model/fake-event.ts';
import { shuffled } from '../seeded-random.ts';
import { buildEventForm } from './event-form.ts';

export interface WebhookSenderOptions {
  /** Signs; the account's. */
  authToken: string;
  /** How the network treats webhooks; each once and in order unless told. */
  disorder?: FakeDisorder;
  /** Further tries after a timeout, 429, 503 or 504; none unless told, as at Twilio. */
  retries?: number;
  /** Deadline of one try, ms; 5 s as at Twilio unless told. */
  timeoutMs?: number;
  /** On their way at the same time; 8 unless told. */
  atOnce?: number;
}

export interface FakeDisorder {
  /** From 0 up to 1; with a seed the same disorder comes again. */
  random: () => number;
  /** How often each is sent. */
  copies: number;
  /** Share, 0 to 1, that waits for a later {@link WebhookSender.flush}; its copies too, each on its own. */
  late: number;
}

/** What became of one sending. Status null: no answer in time. */
export interface SentWebhook {
  type: string;
  url: string;
  status: number | null;
}

/** Webhooks of a model: they gather, and go out when told. */
export interface WebhookSender {
  /** Sends what has gathered, what was late before included. */
  flush(options?: { alsoLate?: boolean }): Promise<SentWebhook[]>;
  /** Not sent yet. */
  waiting(): number;
}

interface Delivery {
  event: FakeEvent;
  url: string;
}

const TIMEOUT_MS = 5_000;
const RETRIED = [429, 503, 504];

/**
 * Sends post-action webhooks as Twilio does: to the targets of the service and of the account, only events among their
 * filters, and those of REST calls only when the caller asked for webhooks.
 */
export function createWebhookSender(model: FakeModel, options: WebhookSenderOptions): WebhookSender {
  const { authToken, disorder, retries = 0, timeoutMs = TIMEOUT_MS, atOnce = 8 } = options;
  let queue: Delivery[] = [];
  let late: Delivery[] = [];

  model.onEvent((event) => {
    for (const url of targetsOf(model, event)) {
      for (let copy = 0; copy < (disorder?.copies ?? 1); copy++) queue.push({ event, url });
    }
  });

  async function send({ event, url }: Delivery): Promise<SentWebhook> {
    for (let retry = 0; ; retry++) {
      const form = buildEventForm(model.account.sid, event, retry);
      const headers = {
        'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
        'x-twilio-signature': await signForm(authToken, url, form),
        'user-agent': 'TwilioProxy/1.1',
      };
      const body = new URLSearchParams(form).toString();
      const status = await fetch(url, {
        method: 'POST',
        headers,
        body,
        signal: AbortSignal.timeout(timeoutMs),
      })
        .then(async (response) => {
          await response.arrayBuffer();
          return response.status;
        })
        .catch(() => null);
      const again = status === null || RETRIED.includes(status);
      if (!again || retry >= retries) return { type: event.type, url, status };
    }
  }

  return {
    waiting: () => queue.length + late.length,
    async flush({ alsoLate = false } = {}) {
      let sending = [...late, ...queue];
      late = [];
      queue = [];
      if (disorder !== undefined) {
        if (!alsoLate) {
          late = sending.filter(() => disorder.random() < disorder.late);
          const held = new Set(late);
          sending = sending.filter((delivery) => !held.has(delivery));
        }
        sending = shuffled(sending, disorder.random);
      }
      const sent: SentWebhook[] = [];
      const lanes = Array.from({ length: atOnce }, async () => {
        for (let next = sending.shift(); next !== undefined; next = sending.shift()) {
          sent.push(await send(next));
        }
      });
      await Promise.all(lanes);
      return sent;
    },
  };
}

function targetsOf({ account }: FakeModel, event: FakeEvent): string[] {
  if (!event.webhooks) return [];
  const settings = [account.services.get(event.serviceSid)?.webhooks, account.webhooks];
  return settings.flatMap((one) => (one?.postUrl && one.filters.includes(event.type) ? [one.postUrl] : []));
}
