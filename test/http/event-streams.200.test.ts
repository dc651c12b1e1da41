import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { signalsOf } from '../../src/domain/signal.ts';
import { ACCOUNT } from '../config/support.ts';
import { cloudEvent, PREVIOUS_AUTH_TOKEN } from '../support/twilio-webhook.ts';
import { AT, openWebhookGateway, PUBLIC_URL, STREAM_PATH, type WebhookGateway } from './webhook-gateway.ts';

const PARTICIPANT = `MB${'2'.repeat(32)}`;

let open: WebhookGateway;

beforeEach(async () => {
  open = await openWebhookGateway();
});
afterEach(() => open.gateway.server.drain());

const event = (type: string, data: Record<string, unknown> = {}) => cloudEvent(ACCOUNT, type, data);
const told = async () =>
  Object.fromEntries((await open.people()).map(({ identity, mask }) => [identity, signalsOf(mask)]));

describe('POST /v1/webhooks/twilio/event-streams', () => {
  test('takes a batch: what each event proves, told by the stream', async () => {
    const response = await open.stream([
      event('message.added', { Author: 'm_ann', ParticipantSid: PARTICIPANT, Index: 10, DateCreated: AT }),
      event('participant.added', { Identity: 'm_bob', DateCreated: AT }),
      event('participant.added', {
        DateCreated: AT,
        MessagingBinding: { Type: 'SMS', Address: '+15550001111', ProxyAddress: '+15559990000' },
      }),
      event('participant.removed', { Identity: 'm_bob', DateRemoved: AT }),
      event('user.added', { Identity: 'm_cleo', DateCreated: AT }),
      event('user.updated', { Identity: 'm_cleo', DateUpdated: AT }),
      event('conversation-state.updated', { StateTo: 'closed' }),
    ]);
    expect([response.status, response.body]).toEqual([200, {}]);
    expect(await told()).toEqual({
      m_ann: ['messaged'],
      m_bob: ['joined', 'left'],
      '+15550001111': ['addressed'],
      m_cleo: ['created', 'updated'],
    });
    const sources = (await open.people()).flatMap(({ signals }) => signals.map(({ source }) => source));
    expect(new Set(sources)).toEqual(new Set(['event-stream']));
    expect(await open.counts('stream_events')).toEqual({
      'onMessageAdded recorded': 1,
      'onParticipantAdded recorded': 2,
      'onParticipantRemoved recorded': 1,
      'onUserAdded recorded': 1,
      'onUserUpdated recorded': 1,
      'onConversationStateUpdated nothing': 1,
    });
    expect(await open.counts()).toEqual({});
  });

  test('takes one event alone, and what the previous Auth Token has signed', async () => {
    const authToken = PREVIOUS_AUTH_TOKEN;
    const one = event('user.added', { Identity: 'm_cleo', DateCreated: AT });
    expect((await open.stream(one, { authToken })).status).toBe(200);
    expect(await told()).toEqual({ m_cleo: ['created'] });
    expect((await open.stream([])).status).toBe(200);
  });

  test.each([
    ['snake_case', { account_sid: ACCOUNT, identity: 'm_cleo', date_created: AT }],
    ['camelCase', { accountSid: ACCOUNT, identity: 'm_cleo', dateCreated: AT }],
  ])('reads fields in %s', async (_name, data) => {
    await open.stream([{ ...event('user.added'), data }]);
    expect(await told()).toEqual({ m_cleo: ['created'] });
  });

  test('takes the time of the envelope when the event has none', async () => {
    await open.stream([{ ...event('user.added', { Identity: 'm_cleo' }), time: AT }]);
    expect(await open.people()).toMatchObject([{ firstSeen: Date.parse(AT) / 1000 }]);
  });

  test('counts once what webhooks tell as well, in either order', async () => {
    const both = async (webhookFirst: boolean) => {
      const fields = { Identity: 'm_ann', DateCreated: AT };
      const twins = [
        () => open.send(open.event('onParticipantAdded', fields)),
        () => open.stream([event('participant.added', fields)]),
      ];
      for (const send of webhookFirst ? twins : twins.reverse()) expect((await send()).status).toBe(200);
      return open.people();
    };
    const one = await both(true);
    await open.gateway.server.drain();
    open = await openWebhookGateway();
    expect(await both(false)).toEqual(one);
    expect(one).toMatchObject([{ identity: 'm_ann', signals: [{ signal: 'joined', source: 'webhook' }] }]);
  });

  test('proves no reading: it does not say whose act an update is', async () => {
    await open.stream([
      event('participant.updated', { Identity: 'm_ann', LastReadMessageIndex: 7, DateUpdated: AT }),
    ]);
    expect(await told()).toEqual({});
    expect(await open.counts('stream_events')).toEqual({ 'onParticipantUpdated marked': 1 });
  });

  test('takes the good of a batch and counts the rest', async () => {
    const response = await open.stream([
      null,
      7,
      'x',
      [],
      {},
      { type: 'com.twilio.conversations.user.added' },
      { type: 9, data: {} },
      { specversion: '1.0', type: 'com.twilio.eventstreams.test-event', data: { test_id: 'x' } },
      event('user.added', { DateCreated: AT }),
      event('user.added', { Identity: 'm_ann', DateCreated: 'yesterday' }),
      event('user.added', { Identity: 'm_ann', DateCreated: '2031-01-01T00:00:00Z' }),
      event('user.added', { Identity: ['m_ann'], DateCreated: AT }),
      event('user.added', { Identity: 'm_ann', identity: 'm_bob', DateCreated: AT }),
      event('user.added', { Identity: 'x'.repeat(5_000), DateCreated: AT }),
      event('user.added', { Identity: 'm_ann', DateCreated: AT, AccountSid: `AC${'9'.repeat(32)}` }),
      event('message.added', { Author: 'system', Index: 1, DateCreated: AT }),
      event('user.added', { Identity: 'm_good', DateCreated: AT }),
    ]);
    expect(response.status).toBe(200);
    expect(await told()).toEqual({ m_good: ['created'] });
    expect(await open.counts('stream_events')).toEqual({
      'other malformed': 7,
      'other unknown-event': 1,
      'onUserAdded malformed': 5,
      'onUserAdded future': 1,
      'onUserAdded other-account': 1,
      'onMessageAdded apart': 1,
      'onUserAdded recorded': 1,
    });
  });

  test('takes 1,000 events at once', async () => {
    const crowd = Array.from({ length: 1_000 }, (_, n) =>
      event('user.added', { Identity: `m_${n}`, DateCreated: AT }),
    );
    expect((await open.stream(crowd)).status).toBe(200);
    expect((await open.gateway.ledger.totals('default' as never, '2026-11' as never)).all).toBe(1_000);
  });

  test('names nobody in the log', async () => {
    await open.stream([event('user.added', { Identity: 'm_ann', DateCreated: AT })], {
      path: `${STREAM_PATH}?key=hush`,
    });
    expect(open.events).toEqual([
      expect.objectContaining({ event: 'http.request', route: STREAM_PATH, status: 200 }),
    ]);
    expect(JSON.stringify(open.events)).not.toMatch(/m_ann|hush|bodySHA256/);
    expect(PUBLIC_URL).not.toBe('');
  });
});
