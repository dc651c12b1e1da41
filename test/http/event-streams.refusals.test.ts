import { afterEach, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { ACCOUNT } from '../config/support.ts';
import { cloudEvent, signBatch, signWebhook } from '../support/twilio-webhook.ts';
import { expectProblem } from './expect-problem.ts';
import { AT, openWebhookGateway, PUBLIC_URL, STREAM_PATH, type WebhookGateway } from './webhook-gateway.ts';

let open: WebhookGateway;

afterEach(() => open.gateway.server.drain());

const batch = () => [cloudEvent(ACCOUNT, 'user.added', { Identity: 'm_ann', DateCreated: AT })];
const unverified = { 'unverified bad-signature': 1 };

describe('POST /v1/webhooks/twilio/event-streams', () => {
  test.each<[string, string | null]>([
    ['no signature', null],
    ['nonsense', 'x'],
    ['one by another Auth Token', signBatch(`${PUBLIC_URL}${STREAM_PATH}`, '[]', 'another').signature],
    ['one over the bare address', signWebhook(`${PUBLIC_URL}${STREAM_PATH}`, {})],
  ])('refuses %s: 403', async (_name, signature) => {
    open = await openWebhookGateway();
    expectProblem(await open.stream(batch(), { signature }), 'forbidden');
    expect(await open.people()).toEqual([]);
    expect(await open.counts('stream_events')).toEqual(unverified);
  });

  test('refuses a body that is not the one of the hash: 403', async () => {
    open = await openWebhookGateway();
    const { url, signature } = signBatch(`${PUBLIC_URL}${STREAM_PATH}`, JSON.stringify([]));
    const send = (path: string, key: string) =>
      request(open.gateway.app).post(path).set('X-Twilio-Signature', key).send(batch());
    expectProblem(await send(url.slice(PUBLIC_URL.length), signature), 'forbidden');
    // Signed, but with no hash of the body at all, or with one that is none.
    for (const query of ['', '?bodySHA256=', '?bodySHA256=x', '?bodySHA256=1&bodySHA256=2']) {
      const path = `${STREAM_PATH}${query}`;
      expectProblem(await send(path, signWebhook(`${PUBLIC_URL}${path}`, {})), 'forbidden');
    }
    expect(await open.people()).toEqual([]);
  });

  test('tells the operator when another address was signed: 403', async () => {
    open = await openWebhookGateway();
    const body = JSON.stringify(batch());
    const { signature } = signBatch(`http://gateway.example${STREAM_PATH}`, body);
    expectProblem(await open.stream(body, { signature }), 'forbidden');
    expect(open.events.find((each) => each['event'] === 'webhook.wrong-url')).toMatchObject({
      signedUrl: `http://gateway.example${STREAM_PATH}`,
      expectedUrl: `${PUBLIC_URL}${STREAM_PATH}`,
    });
    expect(await open.counts('stream_events')).toEqual({ 'unverified wrong-url': 1 });
  });

  test.each(['', '{', '[1,', '\u0000', 'EventType=x'])('takes no %j: 400', async (body) => {
    open = await openWebhookGateway();
    expectProblem(await open.stream(body), 'invalid-request', { errors: expect.any(Array) });
    expect(await open.counts('stream_events')).toEqual({ 'other malformed': 1 });
  });

  test('takes 1,000 events and no more: 400', async () => {
    open = await openWebhookGateway();
    const many = Array.from({ length: 1_001 }, () => ({ type: 'x', data: {} }));
    expectProblem(await open.stream(many), 'invalid-request', { errors: expect.any(Array) });
    expect((await open.stream(many.slice(1))).status).toBe(200);
  });

  test('is not there without an Auth Token or PUBLIC_URL: 404', async () => {
    for (const env of [
      { TWILIO_AUTH_TOKEN: undefined, TWILIO_PREVIOUS_AUTH_TOKEN: undefined },
      { PUBLIC_URL: undefined },
    ]) {
      open = await openWebhookGateway({ env });
      expect((await open.stream(batch()).set('Host', 'gateway.example')).status).toBe(404);
      await open.gateway.server.drain();
    }
    open = await openWebhookGateway();
  });

  test('takes a megabyte and no more: 413', async () => {
    open = await openWebhookGateway();
    const padded = (bytes: number) => {
      const [one] = batch();
      const text = JSON.stringify([{ ...one, pad: '' }]);
      return JSON.stringify([{ ...one, pad: 'x'.repeat(bytes - text.length) }]);
    };
    expect((await open.stream(padded(1_048_576))).status).toBe(200);
    expectProblem(await open.stream(padded(1_048_577)), 'payload-too-large');
    expect(await open.people()).toHaveLength(1);
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'application/json; charset=utf-16'])(
    'takes no %s: 415',
    async (type) => {
      open = await openWebhookGateway();
      const body = JSON.stringify(batch());
      const { url, signature } = signBatch(`${PUBLIC_URL}${STREAM_PATH}`, body);
      const response = await request(open.gateway.app)
        .post(url.slice(PUBLIC_URL.length))
        .set('Content-Type', type)
        .set('X-Twilio-Signature', signature)
        .send(body);
      expectProblem(response, 'unsupported-media-type');
    },
  );

  test('says 503 when a part of it could be kept nowhere, so that all of it comes again', async () => {
    open = await openWebhookGateway();
    await open.gateway.ledger.close();
    const nothing = cloudEvent(ACCOUNT, 'conversation.updated', { DateUpdated: AT });
    const response = await open.stream([nothing, ...batch()]);
    expectProblem(response, 'ledger-unavailable');
    expect(await open.counts('stream_events')).toEqual({
      'onConversationUpdated nothing': 1,
      'onUserAdded unavailable': 1,
    });
    expect((await open.stream([nothing])).status).toBe(200);
  });
});
