import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createAuthenticator } from '../../src/auth/create-authenticator.ts';
import { createGuestCookie } from '../../src/auth/guest-cookie.ts';
import { createGuestCredentials } from '../../src/auth/guest-credentials.ts';
import type { Caller } from '../../src/domain/caller.ts';
import type { Authenticator, Credentials } from '../../src/issue/ports.ts';
import { answerJson, type LoopbackServer, startLoopbackServer } from './loopback-server.ts';
import { authenticatorOptions, NO_CREDENTIALS, NOW_MS, refusedFor } from './token-kit.ts';

const guestCredentials = createGuestCredentials({
  secrets: { current: 'cookie-secret', previous: null },
  className: 'visitor',
  rememberedMax: 100,
});
const { id: ID, credential: GOOD } = guestCredentials.issue(null, 'default', NOW_MS);
const { id: SHOP_ID, credential: SHOP } = guestCredentials.issue(null, 'shop', NOW_MS);
const OLD = guestCredentials.issue(null, 'default', NOW_MS - 400 * 86_400_000).credential;
const FORGED = `${GOOD.slice(0, -43)}${SHOP.slice(-43)}`;

const ADA: Caller = Object.freeze({
  issuer: 'demo',
  subject: 'ada',
  className: 'member',
  tenant: null,
  display: null,
  via: 'bearer',
});

let app: LoopbackServer;
let authenticator: Authenticator;

beforeAll(async () => {
  app = await startLoopbackServer((request, response) =>
    answerJson(response, request.headers.cookie === 'sid=in' ? { user: 'sessa' } : { active: false }),
  );
  authenticator = createAuthenticator(
    authenticatorOptions({
      bearerSources: [(token) => (token === 'ada' ? ADA : undefined)],
      guests: { credentials: guestCredentials, cookie: createGuestCookie(true) },
      session: {
        url: `${app.url}/session`,
        cookieName: 'sid',
        issuer: 'https://app.example',
        claims: { person: 'user', class: null, tenant: null, display: null },
        cacheSeconds: 10,
        timeoutMs: 5_000,
      },
    }),
  );
});

afterAll(() => app.close());

const ask = (credentials: Partial<Credentials>) =>
  authenticator.authenticate({ ...NO_CREDENTIALS, ...credentials }, NOW_MS);

const guest = (subject: string, service: string) => ({
  issuer: `mau-guard:guest:${service}`,
  subject,
  className: 'visitor',
  tenant: null,
  display: null,
  via: 'guest',
});
const cookie = (value: string) => `__Host-mg_guest=${value}`;
const FORBIDDEN = expect.objectContaining({ outcome: 'refused', code: 'forbidden' });

describe('where guests are allowed', () => {
  test.each<[string, Partial<Credentials>, unknown]>([
    ['a header', { authorization: `Guest ${GOOD}` }, guest(ID, 'default')],
    [
      'a header from a foreign origin',
      { authorization: `Guest ${GOOD}`, originTrusted: false },
      guest(ID, 'default'),
    ],
    ['a cookie', { cookie: cookie(GOOD) }, guest(ID, 'default')],
    ['a cookie from a foreign origin', { cookie: cookie(GOOD), originTrusted: false }, FORBIDDEN],
    ['the cookie that any sibling host can set', { cookie: `mg_guest=${GOOD}` }, refusedFor('missing')],
    ['the named service', { authorization: `Guest ${SHOP}`, service: 'shop' }, guest(SHOP_ID, 'shop')],
    [
      'another service in a header',
      { authorization: `Guest ${SHOP}`, service: 'default' },
      refusedFor('guest-credential'),
    ],
    [
      'the default service when none is named',
      { authorization: `Guest ${SHOP}` },
      refusedFor('guest-credential'),
    ],
    ['another service in a cookie', { cookie: cookie(SHOP) }, refusedFor('missing')],
    [
      'a cookie of two services, the first',
      { cookie: cookie(`${SHOP}~${GOOD}`), service: 'shop' },
      guest(SHOP_ID, 'shop'),
    ],
    ['a cookie of two services, the second', { cookie: cookie(`${SHOP}~${GOOD}`) }, guest(ID, 'default')],
    ['expired', { authorization: `Guest ${OLD}` }, refusedFor('expired')],
    ['expired in a cookie', { cookie: cookie(OLD) }, refusedFor('expired')],
    ['forged', { authorization: `Guest ${FORGED}` }, refusedFor('guest-credential')],
    [
      'forged, a good cookie beside it',
      { authorization: `Guest ${FORGED}`, cookie: cookie(GOOD) },
      refusedFor('guest-credential'),
    ],
    ['forged in a cookie', { cookie: cookie(FORGED) }, refusedFor('guest-credential')],
    ['an empty header', { authorization: 'Guest' }, refusedFor('guest-credential')],
    ['a login before the guest', { authorization: 'Bearer ada', cookie: cookie(GOOD) }, ADA],
    [
      'a failing login before the guest',
      { authorization: 'Bearer eve', cookie: cookie(GOOD) },
      refusedFor('malformed'),
    ],
    [
      'the app’s session before the guest',
      { cookie: `${cookie(GOOD)}; sid=in` },
      expect.objectContaining({ subject: 'sessa' }),
    ],
    ['a session that has ended, a guest', { cookie: `${cookie(GOOD)}; sid=out` }, guest(ID, 'default')],
    [
      'a session that has ended, a forged guest',
      { cookie: `${cookie(FORGED)}; sid=out` },
      refusedFor('guest-credential'),
    ],
    ['a session that has ended, no guest', { cookie: 'sid=out' }, refusedFor('signed-out')],
  ])('%s', async (_name, credentials, expected) => {
    expect(await ask(credentials)).toEqual(expected);
  });
});

test('where guests are denied, good credentials are refused like all others', async () => {
  const denying = createAuthenticator(authenticatorOptions({ guests: null }));
  for (const each of [
    { authorization: `Guest ${GOOD}` },
    { cookie: cookie(GOOD) },
    { cookie: `mg_guest=${GOOD}` },
  ]) {
    expect(await denying.authenticate({ ...NO_CREDENTIALS, ...each }, NOW_MS)).toMatchObject({
      code: 'guests-not-allowed',
    });
  }
});
