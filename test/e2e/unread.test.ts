import { afterEach, describe, expect, test } from '@jest/globals';
import { type GatewayProcess, startGateway } from '../support/gateway-process.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import {
  AUTH_TOKEN,
  cloudEvent,
  signBatch,
  signWebhook,
  type WebhookForm,
  webhookForm,
} from '../support/twilio-webhook.ts';
import { configuredEnv, OPS_KEY, SHARED, SHARED_ISSUER_FILE, SIGNING, signShared } from './configured.ts';

const PUBLIC_URL = 'https://chat-tokens.example.com';
const PATH = '/v1/webhooks/twilio';
const ROOM = `CH${'7'.repeat(32)}`;

let redis: RedisServer | null = null;
let gateway: GatewayProcess;

afterEach(async () => {
  await gateway?.stop();
  await redis?.stop();
  redis = null;
});

async function start(kind: 'redis' | 'embedded'): Promise<void> {
  if (kind === 'redis') redis = await startRedisServer();
  const env = configuredEnv({
    ...{ [SHARED.variable]: SHARED.secret, PUBLIC_URL, TWILIO_AUTH_TOKEN: AUTH_TOKEN },
    ...(redis === null ? {} : { REDIS_URL: redis.url }),
  });
  gateway = await startGateway({ env, configFile: SHARED_ISSUER_FILE });
}

/** As Twilio sends it; twice, as it may. */
async function tell(type: string, fields: WebhookForm): Promise<void> {
  const at = new Date().toISOString();
  const form = webhookForm(SIGNING.accountSid, type, {
    ...{ ConversationSid: ROOM, DateCreated: at, DateUpdated: at, Source: 'API' },
    ...fields,
  });
  for (let times = 0; times < 2; times += 1) {
    const response = await fetch(`${gateway.url}${PATH}`, {
      method: 'POST',
      headers: { 'X-Twilio-Signature': signWebhook(`${PUBLIC_URL}${PATH}`, form) },
      body: new URLSearchParams(form),
    });
    expect([response.status, await response.json()]).toEqual([200, {}]);
  }
}

async function stream(type: string, data: Record<string, unknown>): Promise<void> {
  const body = JSON.stringify([cloudEvent(SIGNING.accountSid, type, { ConversationSid: ROOM, ...data })]);
  const { url, signature } = signBatch(`${PUBLIC_URL}${PATH}/event-streams`, body);
  const response = await fetch(gateway.url + url.slice(PUBLIC_URL.length), {
    method: 'POST',
    headers: { 'X-Twilio-Signature': signature, 'Content-Type': 'application/json' },
    body,
  });
  expect([response.status, await response.json()]).toEqual([200, {}]);
}

async function operator(path: string, body?: object) {
  const response = await fetch(`${gateway.url}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { Authorization: `Bearer ${OPS_KEY}`, 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(response.status).toBe(200);
  return (await response.json()) as Record<string, unknown>;
}

describe.each(['embedded', 'redis'] as const)('on the %s ledger', (kind) => {
  test('the unread count rises while the person never connects', async () => {
    await start(kind);
    const login = await signShared('ada');
    const request = { issuer: SHARED.issuer, claims: { sub: 'ada' }, request: { intent: 'open_chat' } };
    const { person } = await operator('/v1/explanations', request);
    const identity = (person as { own: string }).own;
    let tag = '';
    const unread = async () => {
      const response = await fetch(`${gateway.url}/v1/me/unread`, {
        headers: { Authorization: `Bearer ${login}`, ...(tag === '' ? {} : { 'If-None-Match': tag }) },
      });
      tag = response.headers.get('etag') ?? '';
      return response.status === 304 ? 'unchanged' : ((await response.json()) as { unread: number }).unread;
    };

    expect(await unread()).toBe(0);
    await tell('onParticipantAdded', { Identity: identity, LastReadMessageIndex: '4' });
    expect(await unread()).toBe('unchanged');
    // The later message is told of first.
    await tell('onMessageAdded', {
      Index: '6',
      Author: 'agent-smith',
      ParticipantSid: `MB${'2'.repeat(32)}`,
    });
    expect(await unread()).toBe(2);
    await tell('onMessageAdded', {
      Index: '5',
      Author: 'agent-smith',
      ParticipantSid: `MB${'2'.repeat(32)}`,
    });
    expect(await unread()).toBe('unchanged');
    await stream('message.added', { Index: 7, Author: 'system', DateCreated: new Date().toISOString() });
    expect(await unread()).toBe(3);

    const { items } = await operator('/v1/months/current/identities');
    expect(items).toMatchObject([
      // Added by a server, and nothing more: neither minted nor connected.
      { identity, mints: 0, signals: ['joined'] },
      { identity: 'agent-smith', mints: 0, signals: ['messaged'] },
    ]);

    await tell('onParticipantUpdated', { Identity: identity, LastReadMessageIndex: '7', Source: 'SDK' });
    expect(await unread()).toBe(0);
    await tell('onParticipantRemoved', { Identity: identity, DateRemoved: new Date().toISOString() });
    await tell('onMessageAdded', {
      Index: '8',
      Author: 'agent-smith',
      ParticipantSid: `MB${'2'.repeat(32)}`,
    });
    expect(await unread()).toBe('unchanged');
  }, 60_000);
});
