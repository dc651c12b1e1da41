import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { answerJson, type LoopbackServer, startLoopbackServer } from '../auth/loopback-server.ts';
import { expectProblem } from './expect-problem.ts';
import {
  COOKIE_NAME,
  cookieOf,
  type GuestGateway,
  loginOf,
  openGuestGateway,
  YAML,
} from './guest-gateway.ts';

let open: GuestGateway;

afterEach(() => open.gateway.server.drain());

const ask = (headers: Record<string, string>, body: object = {}) =>
  open.post('/v1/tokens', { intent: 'open_chat', ...body }).set(headers);
const newCookie = async () => cookieOf(await open.post('/v1/guests')) as string;

describe('a member’s token request with the cookie of a guest', () => {
  const ada = { Authorization: loginOf('ada') };

  test('adopts nobody unless that is configured', async () => {
    open = await openGuestGateway();
    const Cookie = await newCookie();
    const asGuest = await ask({ Cookie });
    const asMember = await ask({ ...ada, Cookie });
    expect(asMember.body.identity).not.toBe(asGuest.body.identity);
    expect(asMember.headers).not.toHaveProperty('set-cookie');
    expect((await ask({ Cookie })).status).toBe(200);
  });

  describe('where adoption is automatic', () => {
    let adoptions: number;

    beforeEach(async () => {
      open = await openGuestGateway({ yaml: YAML.replace('newPerHour', 'adoption: automatic, newPerHour') });
      adoptions = 0;
      const { ledger } = open.gateway;
      const adopt = ledger.adopt.bind(ledger);
      ledger.adopt = (...given) => {
        adoptions += 1;
        return adopt(...given);
      };
    });

    test('goes on as that guest, and the cookie is cleared', async () => {
      const Cookie = await newCookie();
      const asGuest = await ask({ Cookie });
      const asMember = await ask({ ...ada, Cookie });
      expect(asMember.body).toMatchObject({ identity: asGuest.body.identity, firstThisMonth: false });
      expect(cookieOf(asMember)).toBe('');
      expect((await ask({ Cookie })).status).toBe(401);
      expect((await open.gateway.ledger.totals(DEFAULT_SERVICE, '2026-11' as never)).all).toBe(1);
    });

    test('the ledger is asked once for a pair, although the cookie may come every time', async () => {
      const Cookie = await newCookie();
      for (let request = 0; request < 5; request += 1) await ask({ ...ada, Cookie });
      expect(adoptions).toBe(1);
    });

    test('a second member with the same cookie is another person', async () => {
      const Cookie = await newCookie();
      const first = await ask({ ...ada, Cookie });
      const second = await ask({ Authorization: loginOf('grace'), Cookie });
      expect(second.status).toBe(200);
      expect(second.body.identity).not.toBe(first.body.identity);
      expect(cookieOf(second)).toBe('');
    });

    test.each<[string, (cookie: string) => Record<string, string>]>([
      ['from a foreign origin', (Cookie) => ({ ...ada, Cookie, Origin: 'https://elsewhere.example' })],
      ['that is forged', (cookie) => ({ ...ada, Cookie: cookie.slice(0, -1) })],
      ['that is not there', () => ada],
      ['of a plain name', (cookie) => ({ ...ada, Cookie: cookie.replace(COOKIE_NAME, 'mg_guest') })],
    ])('a cookie %s changes nothing', async (_name, headersOf) => {
      const Cookie = await newCookie();
      const asGuest = await ask({ Cookie });
      const asMember = await ask(headersOf(Cookie));
      expect(asMember.body.identity).not.toBe(asGuest.body.identity);
      expect(asMember.headers).not.toHaveProperty('set-cookie');
      expect(adoptions).toBe(0);
    });
  });
});

describe('a guest who must be shown to be human', () => {
  let provider: LoopbackServer;

  beforeEach(async () => {
    provider = await startLoopbackServer((_request, response, body) =>
      answerJson(response, { success: new URLSearchParams(body).get('response') === 'passed' }),
    );
    const check = `humanCheck: { provider: turnstile, siteKey: key, verifyUrl: '${provider.url}/verify', secretEnv: HUMAN_SECRET, timeoutMs: 5000 }`;
    open = await openGuestGateway({
      yaml: YAML.replace('newPerHour: 3', `newPerHour: 3, ${check}`),
      env: { HUMAN_SECRET: 'the-provider-secret' },
    });
  });

  afterEach(() => provider.close());

  test('gets no token without a passed check, and the frontend is told which one', async () => {
    const Cookie = await newCookie();
    for (const body of [{}, { humanToken: 'failed' }]) {
      expectProblem(await ask({ Cookie }, body), 'human-check-required', {
        verify: { provider: 'turnstile', siteKey: 'key' },
      });
    }
    expect((await open.gateway.ledger.totals(DEFAULT_SERVICE, '2026-11' as never)).all).toBe(0);
  });

  test('passes once, and is known then', async () => {
    const Cookie = await newCookie();
    expect((await ask({ Cookie }, { humanToken: 'passed' })).status).toBe(200);
    expect((await ask({ Cookie })).status).toBe(200);
    expect(provider.requests).toHaveLength(1);
  });

  test('waits while the provider is away; those known and those with a login do not', async () => {
    const known = await newCookie();
    await ask({ Cookie: known }, { humanToken: 'passed' });
    await provider.close();
    const response = await ask({ Cookie: await newCookie() }, { humanToken: 'passed' });
    expectProblem(response, 'identity-provider-unavailable');
    expect(response.headers['retry-after']).toMatch(/^\d+$/);
    expect((await ask({ Cookie: known })).status).toBe(200);
    expect((await ask({ Authorization: loginOf('ada') })).status).toBe(200);
  });
});
