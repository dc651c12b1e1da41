import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { signWebhook, webhookForm } from '../support/twilio-webhook.ts';
import { expectProblem } from './expect-problem.ts';
import { AT, openWebhookGateway, PATH, PUBLIC_URL, type WebhookGateway } from './webhook-gateway.ts';

let open: WebhookGateway;

beforeEach(async () => {
  open = await openWebhookGateway();
});
afterEach(() => open.gateway.server.drain());

const event = () => open.event('onUserAdded', { Identity: 'm_ann', DateCreated: AT });

describe('POST /v1/webhooks/twilio refuses', () => {
  test.each<[string, (url: string) => string | null]>([
    ['no signature', () => null],
    ['an empty one', () => ''],
    ['nonsense', () => 'x'.repeat(5_000)],
    ['one of the right shape', () => `${'A'.repeat(27)}=`],
    ['one by another Auth Token', (url) => signWebhook(url, event(), 'another')],
    ['one by the empty Auth Token', (url) => signWebhook(url, event(), '')],
    ['one over other fields', (url) => signWebhook(url, { ...event(), Identity: 'm_bob' })],
    ['one over another query', (url) => signWebhook(`${url}?service=shop`, event())],
  ])('%s', async (_name, sign) => {
    const response = await open.send(event(), { signature: sign(`${PUBLIC_URL}${PATH}`) });
    expectProblem(response, 'forbidden');
    expect(await open.people()).toEqual([]);
    expect(await open.counts()).toEqual({ 'unverified bad-signature': 1 });
  });

  test('a field that somebody added to what was signed', async () => {
    const signature = signWebhook(`${PUBLIC_URL}${PATH}`, event());
    expectProblem(await open.send({ ...event(), ClientIdentity: 'm_eve' }, { signature }), 'forbidden');
  });

  test('an event that is signed but of another account', async () => {
    const foreign = webhookForm(`AC${'9'.repeat(32)}`, 'onUserAdded', { Identity: 'm_ann', DateCreated: AT });
    expectProblem(await open.send(foreign), 'forbidden');
    const { AccountSid: _account, ...without } = event();
    expectProblem(await open.send(without), 'forbidden');
    expect(await open.people()).toEqual([]);
    expect(await open.counts()).toEqual({ 'onUserAdded other-account': 2 });
  });

  test.each<[string, string, Record<string, string>]>([
    ['http instead of https', `http://gateway.example${PATH}`, {}],
    ['the host behind the proxy', `https://inner.example:8443${PATH}`, { Host: 'inner.example:8443' }],
    ['the host that the proxy names', `https://www.example${PATH}`, { 'X-Forwarded-Host': 'www.example, b' }],
    [
      'a prefix that the proxy cuts off',
      `https://gateway.example/chat${PATH}`,
      { 'X-Forwarded-Prefix': '/chat' },
    ],
  ])('a right signature over %s, and the log names both addresses', async (_name, signedUrl, headers) => {
    const sent = open.send(event(), { signedUrl });
    for (const [name, value] of Object.entries(headers)) sent.set(name, value);
    const response = await sent;
    expectProblem(response, 'forbidden');
    expect(response.text).not.toContain(signedUrl);
    expect(open.events.find((each) => each['event'] === 'webhook.wrong-url')).toMatchObject({
      level: 'warn',
      signedUrl,
      expectedUrl: `${PUBLIC_URL}${PATH}`,
    });
    expect(await open.counts()).toEqual({ 'unverified wrong-url': 1 });
    expect(await open.people()).toEqual([]);
  });

  test('and looks for the wrong address once a second at most, without its query', async () => {
    const path = `${PATH}?key=hush`;
    const signedUrl = `http://gateway.example${path}`;
    for (let times = 0; times < 5; times++)
      expectProblem(await open.send(event(), { path, signedUrl }), 'forbidden');
    open.clock.set(open.clock.now() + 1_000);
    await open.send(event(), { path, signedUrl });
    expect(open.events.filter((each) => each['event'] === 'webhook.wrong-url')).toHaveLength(2);
    expect(JSON.stringify(open.events)).not.toContain('hush');
    expect(await open.counts()).toEqual({ 'unverified wrong-url': 2, 'unverified bad-signature': 4 });
  });

  test('a signature is good for one request only in its own bytes: odd percent-encoding is refused, not a 500', async () => {
    for (const body of [
      'EventType=%',
      'a=%ff&a=%00',
      '&&&===',
      '__proto__=x&constructor=y',
      'x'.repeat(60_000),
    ]) {
      const response = await request(open.gateway.app)
        .post(PATH)
        .type('form')
        .set('X-Twilio-Signature', `${'A'.repeat(27)}=`)
        .send(body);
      expectProblem(response, 'forbidden');
    }
  });
});
