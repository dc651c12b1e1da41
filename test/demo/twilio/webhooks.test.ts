import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import twilio from 'twilio';
import type { FakeModel } from '../../../src/demo/twilio/model/create-fake-model.ts';
import { seededRandom } from '../../../src/demo/twilio/seeded-random.ts';
import { createStreamSender } from '../../../src/demo/twilio/webhooks/stream-sender.ts';
import { createWebhookSender } from '../../../src/demo/twilio/webhooks/webhook-sender.ts';
import { ACCOUNT, buildTown, OTHER_SERVICE, SERVICE, type Town } from './fake-kit.ts';
import { openSink, type Sink } from './sink.ts';

const AUTH_TOKEN = 'auth-token-of-the-tests';

let sink: Sink;
let town: Town;
let model: FakeModel;
beforeEach(async () => {
  sink = await openSink();
  town = buildTown();
  model = town.model;
  model.account.webhooks.postUrl = `${sink.url}/hook?service=default`;
});
afterEach(() => sink.close());

const types = () => sink.received.map(({ form }) => form['EventType']);

describe('webhooks', () => {
  it('are forms that Twilio has signed, with what its pages list for the event', async () => {
    const sender = createWebhookSender(model, { authToken: AUTH_TOKEN });
    model.sendMessage(town.support, { body: 'hi & bye' }, { client: 'm_ada' });
    expect(await sender.flush()).toEqual([
      { type: 'onMessageAdded', url: model.account.webhooks.postUrl, status: 200 },
    ]);
    const [{ form, headers, url }] = sink.received as [(typeof sink.received)[0]];
    expect(form).toEqual({
      ...{ AccountSid: ACCOUNT, EventType: 'onMessageAdded', Source: 'SDK', ClientIdentity: 'm_ada' },
      ...{
        RetryCount: '0',
        ConversationSid: town.support,
        MessageSid: expect.stringMatching(/^IM/),
        Index: '2',
      },
      ...{ DateCreated: '2026-11-10T12:02:00.250Z', Body: 'hi & bye', Author: 'm_ada', Attributes: '{}' },
      ParticipantSid: expect.stringMatching(/^MB/),
    });
    const signature = String(headers['x-twilio-signature']);
    expect(twilio.validateRequest(AUTH_TOKEN, signature, `${sink.url}${url}`, form)).toBe(true);
    expect(twilio.validateRequest('another', signature, `${sink.url}${url}`, form)).toBe(false);
  });

  it('of calls by REST go out only when the caller asks for them', async () => {
    const sender = createWebhookSender(model, { authToken: AUTH_TOKEN });
    model.createUser('m_unheard');
    model.sendMessage(town.support, { body: 'beep' }, { source: 'API' });
    expect(sender.waiting()).toBe(0);
    model.createUser('m_heard', { webhooks: true });
    await sender.flush();
    expect(sink.received[0]?.form).toMatchObject({
      EventType: 'onUserAdded',
      Source: 'API',
      Identity: 'm_heard',
    });
    expect(sink.received[0]?.form).not.toHaveProperty('ClientIdentity');
  });

  it('go out only for the events that are chosen, to the account’s target and that of the service', async () => {
    const sender = createWebhookSender(model, { authToken: AUTH_TOKEN });
    model.account.webhooks.filters = ['onUserAdded'];
    const own = model.account.services.get(SERVICE)!;
    own.webhooks = {
      preUrl: null,
      postUrl: `${sink.url}/own`,
      filters: ['onParticipantAdded', 'onUserAdded'],
    };
    model.addParticipant(town.support, { identity: 'm_new' });
    model.connect('m_elsewhere', { service: OTHER_SERVICE });
    await sender.flush();
    const sent = sink.received.map(
      ({ url, form }) => `${url.split('?')[0]} ${form['EventType']} ${form['Identity']}`,
    );
    expect(sent.sort()).toEqual([
      '/hook onUserAdded m_elsewhere',
      '/hook onUserAdded m_new',
      '/own onParticipantAdded m_new',
      '/own onUserAdded m_new',
    ]);
  });

  it('say nothing when somebody connects whom Twilio knows', async () => {
    const sender = createWebhookSender(model, { authToken: AUTH_TOKEN });
    model.connect('m_ada');
    expect(sender.waiting()).toBe(0);
  });

  it('come shuffled, several times and partly late, the same with the same seed', async () => {
    const orders: string[][] = [];
    for (const seed of [1, 1, 2]) {
      const fresh = buildTown();
      fresh.model.account.webhooks.postUrl = `${sink.url}/hook`;
      const disorder = { random: seededRandom(seed), copies: 3, late: 0.4 };
      const sender = createWebhookSender(fresh.model, { authToken: AUTH_TOKEN, disorder, atOnce: 1 });
      for (let number = 0; number < 10; number++) {
        fresh.model.sendMessage(fresh.support, { body: `${number}` }, { client: 'm_ada' });
      }
      sink.received.length = 0;
      await sender.flush();
      expect(sink.received.length).toBeLessThan(30);
      expect(sender.waiting()).toBe(30 - sink.received.length);
      await sender.flush({ alsoLate: true });
      expect(sender.waiting()).toBe(0);
      orders.push(sink.received.map(({ form }) => form['Body'] ?? ''));
    }
    expect([...orders[0]!].sort()).toEqual([...'0123456789'].flatMap((body) => [body, body, body]));
    expect(orders[1]).toEqual(orders[0]);
    expect(orders[2]).not.toEqual(orders[0]);
  });

  it('are not repeated unless told, as at Twilio', async () => {
    const sender = createWebhookSender(model, { authToken: AUTH_TOKEN });
    model.readTo(town.support, 'm_bob', 1);
    sink.statuses.push(503);
    expect(await sender.flush()).toMatchObject([{ status: 503 }]);
    expect(sink.received).toHaveLength(1);
  });

  it('are repeated after 503 and no answer when told, but not after 403', async () => {
    const sender = createWebhookSender(model, { authToken: AUTH_TOKEN, retries: 2, timeoutMs: 1_000 });
    model.readTo(town.support, 'm_bob', 1);
    sink.statuses.push(503, null, 200);
    expect(await sender.flush()).toMatchObject([{ status: 200 }]);
    expect(sink.received.map(({ form }) => form['RetryCount'])).toEqual(['0', '1', '2']);
    model.readTo(town.support, 'm_bob', 2);
    sink.statuses.push(403);
    expect(await sender.flush()).toMatchObject([{ status: 403 }]);
    expect(sink.received).toHaveLength(4);
  });

  it('tell of phones by their address', async () => {
    const sender = createWebhookSender(model, { authToken: AUTH_TOKEN });
    model.receiveSms({ from: '+15550003333', to: '+15550009999', body: 'hello' });
    model.receiveSms({ from: '+15550003333', to: '+15550009999', body: 'again' });
    expect(model.receiveSms({ from: '+15550003333', to: '+15550000000', body: 'wrong number' })).toBeNull();
    await sender.flush();
    expect(types().sort()).toEqual([
      ...['onConversationAdded', 'onMessageAdded', 'onMessageAdded', 'onParticipantAdded'],
    ]);
    const added = sink.received.find(({ form }) => form['EventType'] === 'onParticipantAdded');
    expect(added?.form).toMatchObject({
      ...{ Source: 'SMS', 'MessagingBinding.Address': '+15550003333', 'MessagingBinding.Type': 'SMS' },
    });
    expect(added?.form).not.toHaveProperty('Identity');
  });
});

describe('Event Streams', () => {
  it('carry the same as CloudEvents, signed over the digest of the body', async () => {
    const sender = createStreamSender(model, {
      authToken: AUTH_TOKEN,
      url: `${sink.url}/stream?x=1`,
      batchMax: 2,
    });
    model.sendMessage(town.support, { body: 'hello' }, { client: 'm_ada' });
    model.updateUser('m_ada', { friendlyName: 'Ada' }, { webhooks: true });
    model.closeConversation(town.support, { webhooks: true });
    expect(await sender.flush()).toEqual([200, 200]);
    const [first, second] = sink.received as [(typeof sink.received)[0], (typeof sink.received)[0]];
    const url = `${sink.url}${first.url}`;
    const signature = String(first.headers['x-twilio-signature']);
    expect(twilio.validateRequestWithBody(AUTH_TOKEN, signature, url, first.body)).toBe(true);
    expect(twilio.validateRequestWithBody(AUTH_TOKEN, signature, url, `${first.body} `)).toBe(false);
    const [message, user] = JSON.parse(first.body);
    expect(message).toMatchObject({
      specversion: '1.0',
      type: 'com.twilio.conversations.message.added',
      data: {
        AccountSid: ACCOUNT,
        ConversationSid: town.support,
        Author: 'm_ada',
        Index: 2,
        MessageBody: 'hello',
      },
    });
    expect(user).toMatchObject({
      type: 'com.twilio.conversations.user.updated',
      data: { Identity: 'm_ada', IsOnline: true },
    });
    expect(JSON.parse(second.body)[0].type).toBe('com.twilio.conversations.conversation-state.updated');
  });

  it('wait for a sink that does not take them, and lose nothing', async () => {
    const sender = createStreamSender(model, { authToken: AUTH_TOKEN, url: sink.url });
    model.readTo(town.support, 'm_bob', 1);
    sink.statuses.push(503);
    expect(await sender.flush()).toEqual([503]);
    expect(sender.waiting()).toBe(1);
    expect(await sender.flush()).toEqual([200]);
    expect(sink.received[0]?.body).toBe(sink.received[1]?.body);
  });
});
