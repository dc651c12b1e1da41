import { request as httpRequest } from 'node:http';
import { afterEach, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { parseServiceName } from '../../src/domain/service-name.ts';
import { signalsOf } from '../../src/domain/signal.ts';
import { ACCOUNT, SERVICE } from '../config/support.ts';
import { PREVIOUS_AUTH_TOKEN } from '../support/twilio-webhook.ts';
import { AT, openWebhookGateway, PATH, type WebhookGateway } from './webhook-gateway.ts';

const SHOP = parseServiceName('shop')!;
const SHOP_SID = `IS${'4'.repeat(32)}`;
const TWO_SERVICES = {
  yaml: `
services:
  shop:
    accountSid: ${ACCOUNT}
    serviceSid: ${SHOP_SID}
    apiKey: { sid: SK${'5'.repeat(32)}, secretEnv: SHOP_SECRET }
`,
  env: { SHOP_SECRET: 'signing-secret-of-the-shop-00000' },
};

/** What differs from answer to answer, or belongs to HTTP itself. */
const PER_ANSWER = new Set(['content-length', 'content-type', 'date', 'x-request-id', 'connection']);

let open: WebhookGateway;

afterEach(() => open.gateway.server.drain());

describe('POST /v1/webhooks/twilio', () => {
  test('takes evidence: who, what, and the class that the identity shows', async () => {
    open = await openWebhookGateway();
    const response = await open.send(
      open.event('onMessageAdded', {
        ...{ ClientIdentity: 'm_ann', Author: 'm_ann', Body: 'grüße & "more"=%', DateCreated: AT },
      }),
    );
    expect([response.status, response.body]).toEqual([200, {}]);
    expect(response.headers).toMatchObject({
      ...{ 'cache-control': 'no-store', 'content-type': 'application/json; charset=utf-8' },
    });
    const people = await open.people();
    expect(people).toMatchObject([
      { identity: 'm_ann', className: 'member', mints: 0, firstSeen: Date.parse(AT) / 1000 },
    ]);
    expect(signalsOf(people[0]!.mask)).toEqual(['connected', 'messaged']);
    expect(await open.counts()).toEqual({ 'onMessageAdded recorded': 1 });
  });

  test('keeps the address of a text message’s sender', async () => {
    open = await openWebhookGateway();
    const fields = {
      ...{ Source: 'API', DateCreated: AT, 'MessagingBinding.Type': 'SMS' },
      ...{ 'MessagingBinding.Address': '+15550001111', 'MessagingBinding.ProxyAddress': '+15559990000' },
    };
    await open.send(open.event('onParticipantAdded', fields));
    expect(await open.people()).toMatchObject([{ identity: '+15550001111', className: 'address' }]);
  });

  test('takes a retry, which changes nothing', async () => {
    open = await openWebhookGateway();
    const event = open.event('onUserAdded', { Identity: 'cleo', DateCreated: AT });
    await open.send(event);
    const once = await open.people();
    await open.send({ ...event, RetryCount: '1' });
    expect(await open.people()).toEqual(once);
    expect(once).toMatchObject([{ identity: 'cleo', className: 'unknown' }]);
  });

  test('takes what the previous Auth Token has signed', async () => {
    open = await openWebhookGateway();
    const event = open.event('onUserAdded', { Identity: 'cleo', DateCreated: AT });
    expect((await open.send(event, { authToken: PREVIOUS_AUTH_TOKEN })).status).toBe(200);
    expect(await open.people()).toHaveLength(1);
  });

  test('counts somebody who was minted for once', async () => {
    open = await openWebhookGateway();
    const at = '2026-11-20T20:00:00Z';
    for (const type of ['onParticipantAdded', 'onParticipantRemoved', 'onUserUpdated']) {
      const fields = { Identity: 'm_ann', DateCreated: at, DateUpdated: at, DateRemoved: at };
      await open.send(open.event(type, fields));
    }
    const people = await open.people();
    expect(people).toHaveLength(1);
    expect(signalsOf(people[0]!.mask)).toEqual(['joined', 'left', 'updated']);
  });

  test.each<[string, Record<string, string>, string]>([
    ['onSomethingNew', { Identity: 'm_ann' }, 'other unknown-event'],
    ['toString', { Identity: 'm_ann' }, 'other unknown-event'],
    ['onMessageAdd', { Author: 'm_ann' }, 'other unknown-event'],
    ['', {}, 'other unknown-event'],
    ['onMessageAdded', { Author: 'system', Source: 'API' }, 'onMessageAdded apart'],
    ['onMessageAdded', {}, 'onMessageAdded malformed'],
    ['onUserAdded', { Identity: 'm_ann', DateCreated: '2027-01-01T00:00:00Z' }, 'onUserAdded future'],
    ['onUserAdded', { Identity: 'm_ann', DateCreated: '1999-01-01T00:00:00Z' }, 'onUserAdded too-old'],
    ['onUserAdded', { Identity: 'm_ann', DateCreated: 'x' }, 'onUserAdded malformed'],
    ['onUserAdded', { Identity: 'm_ann', ChatServiceSid: SHOP_SID }, 'onUserAdded other-service'],
    ['onDeliveryUpdated', { Status: 'read' }, 'onDeliveryUpdated nothing'],
  ])('counts %s with %j and records nothing', async (type, fields, counted) => {
    open = await openWebhookGateway();
    const response = await open.send(open.event(type, { DateCreated: AT, ...fields }));
    expect(response.status).toBe(200);
    expect(await open.people()).toEqual([]);
    expect(await open.counts()).toEqual({ [counted]: 1 });
  });

  test('finds the service by its SID, else by the address, and never guesses', async () => {
    open = await openWebhookGateway(TWO_SERVICES);
    const event = (name: string, fields = {}) =>
      open.event('onUserAdded', { Identity: name, DateCreated: AT, ...fields });
    await open.send(event('m_one', { ChatServiceSid: SERVICE }));
    await open.send(event('m_two', { ChatServiceSid: SHOP_SID }));
    await open.send(event('m_three'), { path: `${PATH}?service=shop` });
    await open.send(event('m_four'));
    const names = async (service?: typeof SHOP) =>
      (await open.people(service)).map(({ identity }) => identity).sort();
    expect([await names(), await names(SHOP)]).toEqual([['m_one'], ['m_three', 'm_two']]);
    expect(await open.counts()).toEqual({ 'onUserAdded recorded': 3, 'onUserAdded unclear-service': 1 });
  });

  test('has the headers of every other answer, also without a service in the address', async () => {
    open = await openWebhookGateway();
    const other = await request(open.gateway.app).get('/livez');
    const event = open.event('onUserAdded', { Identity: 'cleo', DateCreated: AT });
    const bad = { signature: null };
    for (const path of [PATH, `${PATH}?service=default`]) {
      for (const response of [await open.send(event, { path }), await open.send(event, { path, ...bad })]) {
        for (const name of Object.keys(other.headers).filter((one) => !PER_ANSWER.has(one))) {
          expect([name, response.headers[name]]).toEqual([name, other.headers[name]]);
        }
      }
    }
  });

  test('takes the id of the request, and tells and times it once', async () => {
    open = await openWebhookGateway();
    const response = await open.send(open.event('onDeliveryUpdated')).set('X-Request-Id', 'r.1');
    expect(response.headers['x-request-id']).toBe('r.1');
    expect(open.events).toEqual([
      {
        ...{ level: 'info', time: '2026-11-20T21:00:00.123Z', event: 'http.request', method: 'POST' },
        ...{ route: PATH, status: 200, durationMs: expect.any(Number), requestId: 'r.1' },
      },
    ]);
    await open.gateway.metricsServer.listen(0, '127.0.0.1');
    const { text } = await request(open.gateway.metricsServer.http).get('/metrics');
    expect(text).toMatch(
      /^http_server_request_duration_seconds_count\{[^}]*http_route="\/v1\/webhooks\/twilio"[^}]*\} 1$/m,
    );
  });

  test('tells of a sender that left before the form was whole', async () => {
    open = await openWebhookGateway();
    const { port } = await open.gateway.server.listen(0, '127.0.0.1');
    const type = { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': '100' };
    // So that the gateway says when it has begun to read.
    const headers = { ...type, Expect: '100-continue' };
    const call = httpRequest({ port, path: PATH, method: 'POST', headers });
    call.on('error', () => {});
    call.on('continue', () => call.destroy());
    call.write('EventType=');
    const told = () => open.events.filter(({ event }) => event === 'http.request');
    while (told().length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(told()).toMatchObject([{ route: PATH, aborted: true }]);
    expect(await open.counts()).toEqual({});
  });

  test('names nobody in the log', async () => {
    open = await openWebhookGateway();
    const fields = {
      Identity: 'm_ann',
      DateCreated: AT,
      'MessagingBinding.Address': '+15550001111',
      Body: 'hush',
    };
    await open.send(open.event('onParticipantAdded', fields), { path: `${PATH}?key=hush` });
    expect(open.events).toEqual([
      expect.objectContaining({ event: 'http.request', route: PATH, status: 200 }),
    ]);
    expect(JSON.stringify(open.events)).not.toMatch(/m_ann|5550001111|hush/);
  });
});
