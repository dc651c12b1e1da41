import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { createDemoBearerSource, createDemoLogins } from '../../src/demo/demo-people.ts';
import type { FakeAnswer } from '../../src/demo/twilio/fake-answers.ts';
import type { FakeUserConversation } from '../../src/demo/twilio/fake-records.ts';
import { type FakeTwilio, startFakeTwilio } from '../../src/demo/twilio/start-fake-twilio.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { type Gateway, wire } from '../../src/wire.ts';
import { ACCOUNT, loaded, MINIMAL, SERVICE } from '../config/support.ts';
import { settableClock } from '../support/clock.ts';

const REST_KEY = { sid: `SK${'4'.repeat(32)}`, secret: 'rest-secret-of-the-tests' };
const LOGINS = createDemoLogins(() => 'random');

let gateway: Gateway;
let twilio: FakeTwilio;
let conversations: FakeUserConversation[];
let fault: FakeAnswer | null;
let lines: string[];

beforeEach(async () => {
  conversations = [];
  fault = null;
  lines = [];
  twilio = await startFakeTwilio({
    accountSid: ACCOUNT,
    apiKey: REST_KEY,
    // Whoever it is.
    users: { [SERVICE]: new Proxy({}, { get: () => conversations }) },
    fault: () => fault,
  });
});
afterEach(async () => {
  await gateway.server.drain();
  expect(twilio.requests.filter((line) => !line.startsWith('GET '))).toEqual([]);
  await twilio.close();
});

async function wired(connect: string): Promise<void> {
  const { settings } = loaded({
    env: {
      ...MINIMAL,
      ...{ LEDGER_PATH: ':memory:', TWILIO_REST_URL: twilio.url },
      ...{ TWILIO_REST_API_KEY_SID: REST_KEY.sid, TWILIO_REST_API_KEY_SECRET: REST_KEY.secret },
    },
    yaml: `connect: ${connect}\n`,
  });
  const clock = settableClock(Date.parse('2026-11-20T21:00:00Z'));
  const destination = { write: (line: string) => void lines.push(line) };
  const log = await createLogger({ level: 'debug', format: 'json', clock, destination });
  const bearerSources = [createDemoBearerSource(LOGINS)];
  gateway = wire({ settings, clock, log, version: '1.2.3', bearerSources });
}

function ask(intent = 'notification') {
  return request(gateway.app)
    .post('/v1/tokens')
    .set('Authorization', `Bearer ${LOGINS[0]!.token}`)
    .send({ intent });
}

const unread: FakeUserConversation = { conversationSid: `CH${'5'.repeat(32)}`, state: 'active', unread: 2 };

describe('an intent that needs a reason', () => {
  test('is served to a newcomer for whom something waits at Twilio, read with the key for reads', async () => {
    await wired('{ lookUp: true }');
    conversations = [unread];
    expect((await ask().expect(200)).body).toMatchObject({ outcome: 'minted', firstThisMonth: true });
    expect(twilio.requests).toHaveLength(1);
  });

  test('is refused when nothing waits', async () => {
    await wired('{ lookUp: true }');
    expect((await ask().expect(403)).body.code).toBe('no-reason-to-connect');
  });

  test('is refused, not failed, while Twilio is away; other intents need it not', async () => {
    await wired('{ lookUp: true }');
    fault = { status: 503, body: {} };
    expect((await ask().expect(403)).body.code).toBe('no-reason-to-connect');
    expect(lines.join('')).toContain('Twilio answered 503');
    expect(lines.join('')).not.toMatch(/rest-secret/);
    const before = twilio.requests.length;
    await ask('open_chat').expect(200);
    expect(twilio.requests).toHaveLength(before);
  });

  test('asks nobody unless that is configured', async () => {
    await wired('{ lookUp: false }');
    conversations = [unread];
    await ask().expect(403);
    expect(twilio.requests).toEqual([]);
  });
});
