import { request as send } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { parseMonth } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { signalsOf } from '../../src/domain/signal.ts';
import type { Budget } from '../../src/ledger/budget.ts';
import { budgetOf } from '../ledger/contract/builders.ts';
import { timeAwake } from '../support/time-awake.ts';
import { signWebhook, type WebhookForm, webhookForm } from '../support/twilio-webhook.ts';
import { expectProblem } from './expect-problem.ts';
import { closeListeners, listenOn } from './listen-on.ts';
import { AT, GUARD_PATH, openWebhookGateway, PUBLIC_URL, type WebhookGateway } from './webhook-gateway.ts';

const MONTH = parseMonth('2026-11')!;
const ADDRESS = { 'MessagingBinding.Type': 'SMS', 'MessagingBinding.Address': '+15550001111' };

let open: WebhookGateway;

afterEach(async () => {
  await closeListeners();
  await open.gateway.server.drain();
});

const adds = (who: string, fields: WebhookForm = {}) =>
  open.event('onParticipantAdd', { Identity: who, ClientIdentity: 'm_ann', ...fields });
const budget = (scopes: Budget['scopes'], rest: Partial<Budget> = {}) =>
  open.gateway.ledger.configureBudget(DEFAULT_SERVICE, MONTH, budgetOf({ scopes, ...rest }));
const outcomes = () => open.counts('guard_webhooks');
const total = async () => (await open.gateway.ledger.totals(DEFAULT_SERVICE, MONTH)).all;

describe('POST /v1/webhooks/twilio/guard', () => {
  test('counts whom it lets in, in the same step', async () => {
    open = await openWebhookGateway();
    await budget({ all: 2 });
    const response = await open.guard(adds('m_bob'));
    expect([response.status, response.body]).toEqual([200, {}]);
    expect(response.headers['content-type']).toContain('application/json');
    const people = await open.people();
    expect(people).toMatchObject([{ identity: 'm_bob', className: 'member', mints: 0 }]);
    expect(signalsOf(people[0]!.mask)).toEqual(['joined']);
    // Twilio's own word that they were added changes nothing any more.
    await open.send(open.event('onParticipantAdded', { Identity: 'm_bob', DateCreated: AT, Source: 'API' }));
    expect(await total()).toBe(1);
    expect(await outcomes()).toEqual({ counted: 1 });
  });

  test('stops a newcomer whom a blocking budget refuses, and nobody who is counted: 403', async () => {
    open = await openWebhookGateway();
    await budget({ all: 1 });
    await open.guard(adds('m_bob'));
    const refused = await open.guard(adds('m_cleo'));
    const resetsAt = '2026-12-01T00:00:00Z';
    expectProblem(refused, 'mau-budget-exhausted', { budget: 'all', limit: 1, used: 1, resetsAt });
    expect((await open.guard(adds('m_bob'))).status).toBe(200);
    expect(await total()).toBe(1);
    expect(await outcomes()).toEqual({ counted: 1, refused: 1, known: 1 });
  });

  test('guards people whose names a URL would mangle as everybody else', async () => {
    open = await openWebhookGateway();
    await budget({ all: 1 });
    await open.guard(adds('auth0|12'));
    expect((await open.guard(adds('auth0|13'))).status).toBe(403);
    expect((await open.people()).map(({ identity }) => identity)).toEqual(['~auth0~7C12']);
  });

  test('stops newcomers while they are frozen out: 403', async () => {
    open = await openWebhookGateway();
    const audit = {
      ...{ at: open.clock.now(), by: 'kim', role: 'admin', action: 'freeze', target: 'default' },
      ...{ before: null, after: null, reason: 'because', requestId: 'r' },
    } as const;
    const change = { kind: 'freeze', month: MONTH, since: '2026-11-20T08:00:00Z' } as const;
    const terms = { audit, expected: null, idempotency: null };
    await open.gateway.ledger.change(DEFAULT_SERVICE, change, terms as never);
    expectProblem(await open.guard(adds('m_bob')), 'new-identities-frozen', {
      since: '2026-11-20T08:00:00Z',
    });
    expect(await total()).toBe(0);
  });

  test('stops nobody for a budget that only warns', async () => {
    open = await openWebhookGateway();
    await budget({ all: 0 }, { mode: 'warn' });
    expect((await open.guard(adds('m_bob'))).status).toBe(200);
    expect(await outcomes()).toEqual({ counted: 1 });
  });

  test('never stops a customer who writes in, whatever the budget', async () => {
    open = await openWebhookGateway();
    await budget({ all: 0, 'class:address': 0 });
    for (const source of ['SMS', 'API', 'WHATSAPP', 'SDK']) {
      // Without a client nobody of ours has added them.
      const event = open.event('onParticipantAdd', { ...ADDRESS, Source: source });
      expect((await open.guard(event)).status).toBe(200);
    }
    expect(await outcomes()).toEqual({ nothing: 4 });
    expect(await total()).toBe(0);
  });

  test('guards addresses that a client adds', async () => {
    open = await openWebhookGateway();
    await budget({ 'class:address': 1 });
    const address = (number: string) =>
      open.event('onParticipantAdd', {
        ...{ ...ADDRESS, ClientIdentity: 'm_ann', 'MessagingBinding.Address': number },
      });
    expect((await open.guard(address('+15550001111'))).status).toBe(200);
    const refused = await open.guard(address('+15550002222'));
    expect([refused.status, refused.body.budget]).toEqual([403, 'class:address']);
    expect(await open.people()).toMatchObject([{ identity: '+15550001111', className: 'address' }]);
  });

  test.each<[string, WebhookForm, string]>([
    ['onMessageAdd', { Author: 'm_bob' }, 'nothing'],
    ['onConversationAdd', {}, 'nothing'],
    ['onUserUpdate', { Identity: 'm_bob' }, 'nothing'],
    ['onParticipantRemove', { Identity: 'm_bob' }, 'nothing'],
    ['onParticipantAdded', { Identity: 'm_bob', DateCreated: AT }, 'unknown-event'],
    ['toString', { Identity: 'm_bob' }, 'unknown-event'],
    ['onParticipantAdd', {}, 'malformed'],
    ['onParticipantAdd', { Identity: `US${'a'.repeat(32)}` }, 'apart'],
    ['onParticipantAdd', { Identity: 'm_bob', ChatServiceSid: `IS${'8'.repeat(32)}` }, 'other-service'],
  ])('lets %s with %j through and records nothing', async (type, fields, outcome) => {
    open = await openWebhookGateway();
    await budget({ all: 0 });
    const response = await open.guard(open.event(type, fields));
    expect([response.status, response.body]).toEqual([200, {}]);
    expect(await total()).toBe(0);
    expect(await outcomes()).toEqual({ [outcome]: 1 });
  });

  describe('answers 200 and records nothing', () => {
    test.each<[string, (url: string) => string | null, string]>([
      ['no signature', () => null, 'bad-signature'],
      ['nonsense', () => 'x'.repeat(5_000), 'bad-signature'],
      [
        'a signature by another Auth Token',
        (url) => signWebhook(url, adds('m_bob'), 'other'),
        'bad-signature',
      ],
      [
        'a signature over another address',
        () => signWebhook(`http://gateway.example${GUARD_PATH}`, adds('m_bob')),
        'wrong-url',
      ],
    ])('to %s', async (_name, sign, outcome) => {
      open = await openWebhookGateway();
      await budget({ all: 0 });
      const response = await open.guard(adds('m_bob'), { signature: sign(`${PUBLIC_URL}${GUARD_PATH}`) });
      expect([response.status, response.body]).toEqual([200, {}]);
      expect(await total()).toBe(0);
      expect(await outcomes()).toEqual({ [outcome]: 1 });
    });

    test('to an event of another account', async () => {
      open = await openWebhookGateway();
      await budget({ all: 0 });
      const foreign = webhookForm(`AC${'9'.repeat(32)}`, 'onParticipantAdd', { Identity: 'm_bob' });
      expect((await open.guard(foreign)).status).toBe(200);
      expect(await outcomes()).toEqual({ 'other-account': 1 });
    });

    test.each<[string, string, string | Buffer]>([
      ['JSON', 'application/json', '{}'],
      ['text', 'text/plain', 'x'],
      ['another charset', 'application/x-www-form-urlencoded; charset=utf-16', 'a=b'],
      ['too much', 'application/x-www-form-urlencoded', `Body=${'x'.repeat(200_000)}`],
      ['bytes', 'application/x-www-form-urlencoded', Buffer.from([0, 255, 254, 0x25, 0x25])],
      ['nothing at all', 'application/x-www-form-urlencoded', ''],
    ])('to %s', async (_name, type, body) => {
      open = await openWebhookGateway();
      const sent = request(open.gateway.app).post(GUARD_PATH).set('Content-Type', type);
      const response = await sent.set('X-Twilio-Signature', `${'A'.repeat(27)}=`).send(body);
      expect([response.status, response.body]).toEqual([200, {}]);
      expect(Object.values(await outcomes())).toEqual([1]);
    });

    test.each([
      { TWILIO_AUTH_TOKEN: undefined, TWILIO_PREVIOUS_AUTH_TOKEN: undefined },
      { PUBLIC_URL: undefined },
    ])('where it is not set up: %j', async (env) => {
      open = await openWebhookGateway({ env });
      const response = await open.guard(adds('m_bob'));
      expect([response.status, response.body]).toEqual([200, {}]);
      expect(await outcomes()).toEqual({ 'not-set-up': 1 });
    });

    test('while the ledger is away', async () => {
      open = await openWebhookGateway();
      await open.gateway.ledger.close();
      expect((await open.guard(adds('m_bob'))).status).toBe(200);
      expect(await outcomes()).toEqual({ unavailable: 1 });
    });

    test('to a defect, which is told once', async () => {
      open = await openWebhookGateway();
      const { ledger } = open.gateway;
      const join = ledger.join;
      ledger.join = () => Promise.reject(new TypeError('a defect'));
      for (const who of ['m_bob', 'm_cleo']) expect((await open.guard(adds(who))).status).toBe(200);
      expect(await outcomes()).toEqual({ failed: 2 });
      const told = () => open.events.filter(({ event }) => event === 'guard.failed');
      expect(told()).toMatchObject([{ err: { type: 'TypeError', message: 'a defect' } }]);
      ledger.join = join;
      await open.guard(adds('m_bob'));
      ledger.join = () => Promise.reject(new TypeError('a defect'));
      await open.guard(adds('m_cleo'));
      expect(told()).toHaveLength(2);
    });

    test('within a second to a body that never ends', async () => {
      open = await openWebhookGateway();
      const { port } = await listenOn(open.gateway.app);
      const answered = () =>
        new Promise<number | undefined>((resolve, reject) => {
          const asked = send({ port, method: 'POST', path: GUARD_PATH }, (response) => {
            resolve(response.statusCode);
            asked.destroy();
          });
          asked.on('error', reject);
          asked.setHeader('Content-Type', 'application/x-www-form-urlencoded');
          asked.setHeader('Content-Length', '100');
          asked.write('EventType=');
        });
      const { result, awakeMs } = await timeAwake(answered);
      expect(result).toBe(200);
      // It is answered after 0.9 s; test machines are busy.
      expect(awakeMs).toBeLessThan(1_500);
      expect(await outcomes()).toEqual({ late: 1 });
    });
  });

  test.each(['get', 'put', 'delete'] as const)(
    'lets everything through that is asked by %s',
    async (method) => {
      open = await openWebhookGateway();
      const asked = `${GUARD_PATH}?EventType=onParticipantAdd&Identity=m_bob`;
      const response = await request(open.gateway.app)[method](asked);
      expect([response.status, response.body]).toEqual([200, {}]);
      expect((await request(open.gateway.app).head(asked)).status).toBe(200);
      expect((await request(open.gateway.app)[method](`${GUARD_PATH}/more`)).status).toBe(404);
      expect(await total()).toBe(0);
      expect(await outcomes()).toEqual({ unreadable: 2 });
    },
  );

  test('outlives a client that goes away in the middle', async () => {
    open = await openWebhookGateway();
    const { port } = await listenOn(open.gateway.app);
    const socket = connect(port, '127.0.0.1');
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.write(
      `POST ${GUARD_PATH} HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\na=`,
    );
    socket.destroy();
    expect((await open.guard(adds('m_bob'))).status).toBe(200);
    const giveUpAt = performance.now() + 10_000;
    while ((await outcomes())['late'] !== 1 && performance.now() < giveUpAt) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(await outcomes()).toEqual({ counted: 1, late: 1 });
  });

  test('names nobody in the log', async () => {
    open = await openWebhookGateway();
    await budget({ all: 1 });
    await open.guard(adds('m_bob'), { path: `${GUARD_PATH}?key=hush` });
    await open.guard(adds('m_cleo'), { path: `${GUARD_PATH}?key=hush` });
    expect(open.events.filter((each) => each['event'] === 'http.request')).toHaveLength(2);
    expect(JSON.stringify(open.events)).not.toMatch(/m_bob|m_cleo|m_ann|hush/);
  });
});
