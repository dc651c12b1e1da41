import request, { type Test } from 'supertest';
import { monthOf } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE, type ServiceName } from '../../src/domain/service-name.ts';
import type { IdentityRecord } from '../../src/ledger/records.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { type Gateway, wire } from '../../src/wire.ts';
import { ACCOUNT, type Given, loaded, MINIMAL } from '../config/support.ts';
import { type SettableClock, settableClock } from '../support/clock.ts';
import {
  AUTH_TOKEN,
  PREVIOUS_AUTH_TOKEN,
  signBatch,
  signWebhook,
  type WebhookForm,
  webhookForm,
} from '../support/twilio-webhook.ts';

export const NOW_MS = Date.parse('2026-11-20T21:00:00.123Z');
export const AT = '2026-11-20T20:59:58.000Z';
export const PUBLIC_URL = 'https://gateway.example';
export const PATH = '/v1/webhooks/twilio';
export const GUARD_PATH = `${PATH}/guard`;
export const STREAM_PATH = `${PATH}/event-streams`;

export interface WebhookGateway {
  gateway: Gateway;
  clock: SettableClock;
  events: Record<string, unknown>[];
  /** Sends a form as Twilio does, with a signature over what it takes for our address. */
  send(form: WebhookForm, options?: SendOptions): Test;
  /** The same for the guard. */
  guard(form: WebhookForm, options?: SendOptions): Test;
  /** Sends a batch as Event Streams do: JSON, its hash in the address, and a signature over that. */
  stream(events: unknown, options?: SendOptions): Test;
  /** A post-action event of the default account. */
  event(type: string, fields?: WebhookForm): WebhookForm;
  people(service?: ServiceName): Promise<IdentityRecord[]>;
  /** The counter of webhooks, or another of what Twilio sends, as its labels → count. */
  counts(counter?: 'webhooks' | 'stream_events' | 'guard_webhooks'): Promise<Record<string, number>>;
}

export interface SendOptions {
  /** With the query, if any. */
  path?: string;
  /** Null: none. */
  signature?: string | null;
  signedUrl?: string;
  authToken?: string;
}

/** The whole gateway over an embedded ledger in memory, which takes webhooks. */
export async function openWebhookGateway(given: Given = {}): Promise<WebhookGateway> {
  const { settings } = loaded({
    ...given,
    env: {
      ...MINIMAL,
      LEDGER_PATH: ':memory:',
      PUBLIC_URL,
      TWILIO_AUTH_TOKEN: AUTH_TOKEN,
      TWILIO_PREVIOUS_AUTH_TOKEN: PREVIOUS_AUTH_TOKEN,
      ...given.env,
    },
  });
  const clock = settableClock(NOW_MS);
  const events: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void events.push(JSON.parse(line)) };
  const log = await createLogger({ level: 'debug', format: 'json', clock, destination });
  const gateway = wire({ settings, clock, log, version: '1.2.3' });

  const send: WebhookGateway['send'] = (form, options = {}) => {
    const { path = PATH, authToken, signedUrl = `${PUBLIC_URL}${path}` } = options;
    const { signature = signWebhook(signedUrl, form, authToken) } = options;
    const sent = request(gateway.app).post(path).type('form');
    return (signature === null ? sent : sent.set('X-Twilio-Signature', signature)).send(
      new URLSearchParams(form).toString(),
    );
  };
  const stream: WebhookGateway['stream'] = (batch, options = {}) => {
    const body = typeof batch === 'string' ? batch : JSON.stringify(batch);
    const signed = signBatch(`${PUBLIC_URL}${options.path ?? STREAM_PATH}`, body, options.authToken);
    const { signature = signed.signature } = options;
    const sent = request(gateway.app).post(signed.url.slice(PUBLIC_URL.length)).type('json');
    return (signature === null ? sent : sent.set('X-Twilio-Signature', signature)).send(body);
  };
  return {
    ...{ gateway, clock, events, send, stream },
    guard: (form, options) => send(form, { path: GUARD_PATH, ...options }),
    event: (type, fields) => webhookForm(ACCOUNT, type, fields),
    async people(service = DEFAULT_SERVICE) {
      return (await gateway.ledger.identities(service, monthOf(NOW_MS), { after: null, limit: 100 })).items;
    },
    async counts(counter = 'webhooks') {
      if (!gateway.metricsServer.http.listening) await gateway.metricsServer.listen(0, '127.0.0.1');
      const { text } = await request(gateway.metricsServer.http).get('/metrics');
      const lines = text.matchAll(new RegExp(`^mauguard_${counter}_total\\{(.*)\\} ([1-9]\\d*)$`, 'gm'));
      return Object.fromEntries(
        [...lines].map(([, labels = '', count]) => [
          [...labels.matchAll(/"([\w-]+)"/g)].map(([, value]) => value).join(' '),
          Number(count),
        ]),
      );
    },
  };
}
