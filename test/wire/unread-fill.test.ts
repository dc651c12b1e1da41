import { afterEach, beforeEach, expect, test } from '@jest/globals';
import request from 'supertest';
import { createDemoBearerSource, createDemoLogins } from '../../src/demo/demo-people.ts';
import type { FakeUserConversation } from '../../src/demo/twilio/fake-records.ts';
import type { FakeAnswer } from '../../src/demo/twilio/rest/answers.ts';
import { type FakeTwilio, startFakeTwilio } from '../../src/demo/twilio/start-fake-twilio.ts';
import type { Identity } from '../../src/domain/identity.ts';
import { parseMonth } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { type Gateway, wire } from '../../src/wire.ts';
import { ACCOUNT, loaded, MINIMAL, SERVICE } from '../config/support.ts';
import { type SettableClock, settableClock } from '../support/clock.ts';

const REST_KEY = { sid: `SK${'4'.repeat(32)}`, secret: 'rest-secret-of-the-tests' };
const LOGINS = createDemoLogins(() => 'random');
const room = (digit: string) => `CH${digit.repeat(32)}`;

let gateway: Gateway;
let clock: SettableClock;
let twilio: FakeTwilio;
let conversations: FakeUserConversation[];
let fault: FakeAnswer | null;
let asked: string[];

beforeEach(async () => {
  conversations = [
    { conversationSid: room('6'), state: 'active', unread: 2 },
    { conversationSid: room('5'), state: 'active', unread: null },
    { conversationSid: room('7'), state: 'closed', unread: 9 },
    { conversationSid: room('8'), state: 'active', unread: 0 },
  ];
  fault = null;
  asked = [];
  // Whoever it is.
  const people = new Proxy<Record<string, FakeUserConversation[]>>(
    {},
    {
      get(_target, identity) {
        asked.push(String(identity));
        return conversations;
      },
    },
  );
  twilio = await startFakeTwilio({
    ...{ accountSid: ACCOUNT, apiKey: REST_KEY, users: { [SERVICE]: people }, fault: () => fault },
  });
});
afterEach(async () => {
  await gateway.server.drain();
  // Reading makes nobody active.
  expect(twilio.requests.filter((line) => !line.startsWith('GET '))).toEqual([]);
  await twilio.close();
});

async function wired(fill: 'on' | 'off'): Promise<void> {
  const { settings } = loaded({
    env: {
      ...MINIMAL,
      ...{ LEDGER_PATH: ':memory:', TWILIO_REST_URL: twilio.url },
      ...{ TWILIO_REST_API_KEY_SID: REST_KEY.sid, TWILIO_REST_API_KEY_SECRET: REST_KEY.secret },
    },
    yaml: `unread: { fill: ${fill} }\n`,
  });
  clock = settableClock(Date.parse('2026-11-20T21:00:00Z'));
  const log = await createLogger({ level: 'debug', format: 'json', clock, destination: { write: () => {} } });
  const bearerSources = [createDemoBearerSource(LOGINS)];
  gateway = wire({ settings, clock, log, version: '1.2.3', bearerSources });
}

const ask = () =>
  request(gateway.app).get('/v1/me/unread').set('Authorization', `Bearer ${LOGINS[0]!.token}`);

test('asks Twilio for somebody of whom no event has told, says so, and keeps the answer a minute', async () => {
  await wired('on');
  const { body, headers } = await ask().expect(200);
  expect(body).toMatchObject({
    unread: 3,
    conversations: [
      { sid: room('5'), unread: 1 },
      { sid: room('6'), unread: 2 },
    ],
    uncertain: true,
  });
  conversations = [];
  await ask()
    .set('If-None-Match', headers['etag'] as string)
    .expect(304);
  expect(twilio.requests).toHaveLength(1);
  clock.advance(60_001);
  expect((await ask()).body).toMatchObject({ unread: 0, uncertain: true });
  const { all } = await gateway.ledger.totals(DEFAULT_SERVICE, parseMonth('2026-11')!);
  expect(all).toBe(0);
});

test('asks nobody about somebody whom the ledger knows, though nothing waits', async () => {
  await wired('on');
  await ask();
  const [identity] = asked as Identity[];
  await gateway.ledger.record(
    DEFAULT_SERVICE,
    [],
    [{ kind: 'member', conversation: room('6'), identity: identity!, lastRead: 4, at: clock.now() }],
  );
  const before = twilio.requests.length;
  clock.advance(60_001);
  const { body } = await ask();
  expect(body).toMatchObject({ unread: 0, conversations: [] });
  expect(body).not.toHaveProperty('uncertain');
  expect(twilio.requests).toHaveLength(before);
});

test('answers without Twilio while that is away', async () => {
  await wired('on');
  fault = { status: 503, body: {} };
  expect((await ask().expect(200)).body).toMatchObject({ unread: 0, uncertain: true });
});

test('asks nobody unless that is configured', async () => {
  await wired('off');
  expect((await ask()).body).toMatchObject({ unread: 0 });
  expect(twilio.requests).toEqual([]);
});
