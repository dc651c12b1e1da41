import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type FailedAuthentications, limitOutsideCalls } from '../../src/http/outside-calls.ts';
import { answerJson, type LoopbackServer, startLoopbackServer } from '../auth/loopback-server.ts';
import { type SettableClock, settableClock } from '../support/clock.ts';
import { COOKIE_NAME, type GuestGateway, openGuestGateway, YAML } from './guest-gateway.ts';

describe('calls outside', () => {
  const [OFFICE, ELSEWHERE] = ['192.0.2.7', '198.51.100.7'];
  let clock: SettableClock;
  let calls: FailedAuthentications;

  beforeEach(() => {
    clock = settableClock(1_000_000);
    const failures = { take: () => ({ allowed: true, limit: 2, windowSeconds: 60, retryAfterSeconds: 1 }) };
    calls = limitOutsideCalls(failures, { failuresPerMinute: 2, clock });
  });

  const enter = (address: string) => calls.enterOutside!(address);
  const call = (address: string, failed: boolean) => {
    const leave = enter(address);
    if (typeof leave !== 'function') return leave.code;
    leave(failed);
    return 'asked';
  };

  test('end for a network after so many that came to nothing, until the minute is over', () => {
    expect([1, 2, 3].map(() => call(OFFICE, true))).toEqual(['asked', 'asked', 'asked']);
    clock.advance(20_000);
    expect(enter('192.0.2.200')).toMatchObject({
      ...{ code: 'rate-limited', policy: 'failed-authentications' },
      ...{ limit: 2, windowSeconds: 60, retryAfterSeconds: 40 },
    });
    expect(call(ELSEWHERE, true)).toBe('asked');
    clock.advance(40_000);
    expect(call(OFFICE, false)).toBe('asked');
  });

  test('that name somebody have no limit', () => {
    for (let time = 0; time < 1_000; time++) expect(call(OFFICE, false)).toBe('asked');
  });

  test('of one network are so many at a time', () => {
    const under = Array.from({ length: 256 }, () => enter(OFFICE));
    expect(enter(OFFICE)).toMatchObject({ code: 'rate-limited', policy: 'logins-under-way' });
    expect(call(ELSEWHERE, false)).toBe('asked');
    (under[0] as (failed: boolean) => void)(false);
    expect(call(OFFICE, false)).toBe('asked');
  });

  test('are let through when the clock was set back', () => {
    for (let time = 0; time < 3; time++) call(OFFICE, true);
    clock.set(0);
    expect(call(OFFICE, false)).toBe('asked');
  });
});

describe('a gateway', () => {
  let outside: LoopbackServer;
  let open: GuestGateway;
  let asked: number;
  const LIMIT = 3;

  beforeEach(async () => {
    asked = 0;
    outside = await startLoopbackServer((_request, response) => {
      asked += 1;
      answerJson(response, { active: false });
    });
    open = await openGuestGateway({
      yaml: `${YAML}
limits: { failedAuthenticationsPerMinute: ${LIMIT} }
issuers:
  - issuer: https://opaque.example.com
    audience: [chat]
    algorithms: [RS256]
    jwksUrl: ${outside.url}/keys
    introspection: { url: "${outside.url}/introspect", clientId: me, clientSecretEnv: CLIENT_SECRET }
session: { url: "${outside.url}/me", cookieName: sid, issuer: app }
`,
      env: { CLIENT_SECRET: 'secret-of-this-client-0000000000' },
    });
  });

  afterEach(async () => {
    await open.gateway.server.drain();
    await outside.close();
  });

  const ask = (headers: Record<string, string>) =>
    open.post('/v1/tokens', { intent: 'open_chat' }).set(headers);

  test.each([
    ['introspection', (number: number) => ({ Authorization: `Bearer made-up-${number}` })],
    ['the session endpoint', (number: number) => ({ Cookie: `sid=made-up-${number}` })],
  ])('spares %s whoever fails all the time', async (_what, credential) => {
    const statuses = [];
    for (let number = 0; number < 10; number++) statuses.push((await ask(credential(number))).status);
    expect(statuses).toEqual([401, 401, 401, 429, 429, 429, 429, 429, 429, 429]);
    expect(asked).toBe(LIMIT + 1);
    open.clock.advance(60_000);
    expect((await ask(credential(11))).status).toBe(401);
    expect(asked).toBe(LIMIT + 2);
  });

  test('lets any number of guests through whose session cookie names nobody', async () => {
    const entered = await open.post('/v1/guests', {});
    const [cookie = ''] = entered.headers['set-cookie'] as unknown as string[];
    expect(cookie).toContain(COOKIE_NAME);
    for (let number = 0; number < 10; number++) {
      const Cookie = `${cookie.split(';')[0]}; sid=anonymous-${number}`;
      expect((await ask({ Cookie })).status).toBe(200);
    }
    expect(asked).toBe(10);
  });
});
