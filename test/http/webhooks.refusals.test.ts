import { afterEach, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { signWebhook } from '../support/twilio-webhook.ts';
import { expectProblem } from './expect-problem.ts';
import { AT, openWebhookGateway, PATH, PUBLIC_URL, type WebhookGateway } from './webhook-gateway.ts';

let open: WebhookGateway;

afterEach(() => open.gateway.server.drain());

const event = () => open.event('onUserAdded', { Identity: 'm_ann', DateCreated: AT });

describe('POST /v1/webhooks/twilio', () => {
  test('is not there without an Auth Token: 404', async () => {
    open = await openWebhookGateway({
      env: { TWILIO_AUTH_TOKEN: undefined, TWILIO_PREVIOUS_AUTH_TOKEN: undefined },
    });
    expectProblem(await open.send(event()), 'not-found');
    // Signed with the empty text that stands for no token.
    expectProblem(await open.send(event(), { authToken: '' }), 'not-found');
    expect(await open.people()).toEqual([]);
  });

  test('is not there without PUBLIC_URL, whatever the Host header says: 404', async () => {
    open = await openWebhookGateway({ env: { PUBLIC_URL: undefined } });
    const sent = open.send(event()).set('Host', 'gateway.example');
    expect((await sent).status).toBe(404);
    expect(await open.people()).toEqual([]);
  });

  test('knows POST only: 405', async () => {
    open = await openWebhookGateway();
    const response = await request(open.gateway.app).get(PATH);
    expectProblem(response, 'method-not-allowed');
    expect(response.headers['allow']).toBe('POST, OPTIONS');
  });

  test('takes 64 KB and no more: 413', async () => {
    open = await openWebhookGateway();
    const room = 65_536 - new URLSearchParams({ ...event(), Body: '' }).toString().length;
    expect((await open.send({ ...event(), Body: 'x'.repeat(room) })).status).toBe(200);
    expectProblem(await open.send({ ...event(), Body: 'x'.repeat(room + 1) }), 'payload-too-large');
    expect(await open.people()).toHaveLength(1);
  });

  test.each([
    'application/json',
    'text/plain',
    'multipart/form-data; boundary=x',
    'application/x-www-form-urlencoded; charset=utf-16',
  ])('takes no %s: 415', async (type) => {
    open = await openWebhookGateway();
    const response = await request(open.gateway.app)
      .post(PATH)
      .set('Content-Type', type)
      .set('X-Twilio-Signature', signWebhook(`${PUBLIC_URL}${PATH}`, event()))
      .send(new URLSearchParams(event()).toString());
    expectProblem(response, 'unsupported-media-type');
  });

  test('takes no compressed body: 415', async () => {
    open = await openWebhookGateway();
    expectProblem(await open.send(event()).set('Content-Encoding', 'gzip'), 'unsupported-media-type');
  });

  test('says 503 when the evidence could be kept nowhere', async () => {
    open = await openWebhookGateway();
    await open.gateway.ledger.close();
    const response = await open.send(event());
    expectProblem(response, 'ledger-unavailable');
    expect(response.headers['retry-after']).toBe('1');
    expect(await open.counts()).toEqual({ 'onUserAdded unavailable': 1 });
    // Without evidence nothing is lost.
    expect((await open.send(open.event('onDeliveryUpdated'))).status).toBe(200);
  });
});
