import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FakeAnswer } from '../../src/demo/twilio/fake-answers.ts';
import type { FakeUserConversation } from '../../src/demo/twilio/fake-records.ts';
import { type FakeTwilio, startFakeTwilio } from '../../src/demo/twilio/start-fake-twilio.ts';
import { GatewayError } from '../../src/domain/gateway-error.ts';
import { type Identity, parseIdentity } from '../../src/domain/identity.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import type { ReasonSource } from '../../src/issue/ports.ts';
import { createReasonSource } from '../../src/twilio/create-reason-source.ts';

const NOW = Date.parse('2026-11-20T21:00:00Z');
const ACCOUNT = 'AC00000000000000000000000000000001';
const SERVICE = 'IS00000000000000000000000000000001';
const KEY = { sid: 'SK00000000000000000000000000000001', secret: 'a-rest-secret-that-no-log-shows' };

let twilio: FakeTwilio;
let fault: FakeAnswer | 'hang' | null;
const people: Record<string, FakeUserConversation[]> = {
  m_none: [],
  m_read: [conversation(1, 0), conversation(2, 0)],
  m_unread: [conversation(1, 0), conversation(2, 3)],
  m_invited: [conversation(1, null)],
  m_closed: [conversation(1, 5, 'closed'), conversation(2, null, 'closed')],
  m_second_page: [...many(60, 0), conversation(99, 1)],
  m_too_many: [...many(200, 0), conversation(999, 1)],
  'a.b~c-d_e': [conversation(1, 1)],
};

function conversation(
  number: number,
  unread: number | null,
  state: FakeUserConversation['state'] = 'active',
): FakeUserConversation {
  return { conversationSid: `CH${String(number).padStart(32, '0')}`, state, unread };
}

function many(count: number, unread: number): FakeUserConversation[] {
  return Array.from({ length: count }, (_, index) => conversation(index, unread));
}

function source(overrides: { secret?: string; timeoutMs?: number } = {}): ReasonSource {
  const service = {
    name: DEFAULT_SERVICE,
    accountSid: ACCOUNT,
    serviceSid: SERVICE,
    apiKey: { ...KEY, secret: overrides.secret ?? KEY.secret },
    region: null,
    edge: null,
  };
  return createReasonSource({
    services: [service],
    restUrl: twilio.url,
    timeoutMs: overrides.timeoutMs ?? 2_000,
  });
}

function ask(from: ReasonSource, identity: string, nowMs = NOW): Promise<boolean> {
  return from.hasReason(DEFAULT_SERVICE, parseIdentity(identity) as Identity, nowMs);
}

async function failureOf(promise: Promise<unknown>): Promise<GatewayError> {
  const error = await promise.then(
    () => 'it did not fail',
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(GatewayError);
  expect((error as GatewayError).code).toBe('twilio-unavailable');
  return error as GatewayError;
}

beforeEach(async () => {
  fault = null;
  twilio = await startFakeTwilio({
    accountSid: ACCOUNT,
    apiKey: KEY,
    users: { [SERVICE]: people },
    fault: () => fault,
  });
});

afterEach(async () => {
  // Whatever was asked, nobody was made billable.
  expect(twilio.requests.filter((request) => !request.startsWith('GET '))).toEqual([]);
  await twilio.close();
});

describe('a reason to connect', () => {
  it.each([
    ['m_none', false],
    ['m_read', false],
    ['m_unread', true],
    ['m_invited', true],
    ['m_closed', false],
    ['m_unknown_to_twilio', false],
    ['a.b~c-d_e', true],
  ])('of %s: %s', async (identity, reason) => {
    expect(await ask(source(), identity)).toBe(reason);
    expect(twilio.requests).toEqual([
      `GET /v1/Services/${SERVICE}/Users/${identity}/Conversations?PageSize=50`,
    ]);
  });

  it('is found on a later page, also when the pages name another host', async () => {
    expect(await ask(source(), 'm_second_page')).toBe(true);
    expect(twilio.requests).toHaveLength(2);
  });

  it('is looked for on four pages and no further', async () => {
    expect(await ask(source(), 'm_too_many')).toBe(false);
    expect(twilio.requests).toHaveLength(4);
  });

  it.each(['.', '..'])('is not looked for under %j, which is no name in a path', async (identity) => {
    expect(await ask(source(), identity)).toBe(false);
    expect(twilio.requests).toEqual([]);
  });
});

describe('an answer', () => {
  it('is kept for a minute', async () => {
    const reasons = source();
    people['m_changing'] = [conversation(1, 0)];
    expect(await ask(reasons, 'm_changing')).toBe(false);
    people['m_changing'] = [conversation(1, 1)];
    expect(await ask(reasons, 'm_changing', NOW + 59_999)).toBe(false);
    expect(twilio.requests).toHaveLength(1);
    expect(await ask(reasons, 'm_changing', NOW + 60_000)).toBe(true);
    expect(twilio.requests).toHaveLength(2);
  });

  it('is shared by all who ask at the same time', async () => {
    const reasons = source();
    const answers = await Promise.all(Array.from({ length: 25 }, () => ask(reasons, 'm_unread')));
    expect(new Set(answers)).toEqual(new Set([true]));
    expect(twilio.requests).toHaveLength(1);
  });
});

describe('a failure', () => {
  it.each([429, 500, 503])('is thrown for status %i, without secret or identity', async (status) => {
    fault = { status, body: { code: 20429, message: 'no', status } };
    const error = await failureOf(ask(source(), 'm_unread'));
    expect(error.message).toBe(`Twilio answered ${status}, code 20429`);
    expect(error.cause).toBeUndefined();
  });

  it('is thrown for a wrong key', async () => {
    const error = await failureOf(ask(source({ secret: 'another-secret' }), 'm_unread'));
    expect(error.message).toBe('Twilio answered 401, code 20003');
  });

  it.each(['not json', '{"conversations":7}', ''])('is thrown for the body %j', async (body) => {
    fault = { status: 200, body };
    await failureOf(ask(source(), 'm_unread'));
  });

  it('is thrown for a body without end', async () => {
    fault = { status: 200, body: `{"conversations":[],"padding":"${'x'.repeat(3 * 1024 * 1024)}"}` };
    await failureOf(ask(source(), 'm_unread'));
  });

  it('is thrown for a redirect, which is not followed', async () => {
    fault = { status: 307, body: {}, headers: { location: `${twilio.url}/elsewhere` } };
    await failureOf(ask(source(), 'm_unread'));
    expect(twilio.requests).toHaveLength(1);
  });

  it('is thrown when there is no answer in time, and nobody else waits for 5 s', async () => {
    fault = 'hang';
    const reasons = source({ timeoutMs: 150 });
    const begun = performance.now();
    await failureOf(ask(reasons, 'm_unread'));
    expect(performance.now() - begun).toBeLessThan(1_500);
    expect((await failureOf(ask(reasons, 'm_read', NOW + 4_999))).retryAfterSeconds).toBe(1);
    expect(twilio.requests).toHaveLength(1);

    fault = null;
    expect(await ask(reasons, 'm_unread', NOW + 5_000)).toBe(true);
  });

  it('is thrown when nobody listens', async () => {
    const reasons = source();
    await twilio.close();
    await failureOf(ask(reasons, 'm_unread'));
  });
});
