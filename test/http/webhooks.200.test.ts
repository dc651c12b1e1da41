import { afterEach, describe, expect, test } from '@jest/globals';
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
  env: { SHOP_SECRET: 'x'.repeat(32) },
};

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
    expect(response.headers['cache-control']).toBe('no-store');
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
