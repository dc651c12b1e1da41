import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createAuthenticator } from '../../src/auth/create-authenticator.ts';
import type { AuthenticatorOptions } from '../../src/auth/options.ts';
import type { Caller } from '../../src/domain/caller.ts';
import type { Authenticator, Credentials } from '../../src/issue/ports.ts';
import { answerJson, type LoopbackServer, startLoopbackServer } from './loopback-server.ts';
import {
  authenticatorOptions,
  createSigner,
  issuerOptions,
  NO_CREDENTIALS,
  NOW_MS,
  refusedFor,
  startKeyServer,
} from './token-kit.ts';

let provider: LoopbackServer;
let app: LoopbackServer;
let options: AuthenticatorOptions;
let authenticator: Authenticator;
/** A token that is good, and one that is not. */
let good: string;
let expired: string;

beforeAll(async () => {
  const signer = await createSigner('key');
  provider = await startKeyServer(signer);
  app = await startLoopbackServer((request, response) => {
    const signedIn = request.headers.cookie === 'sid=in';
    answerJson(response, signedIn ? { user: { id: 'sessa' } } : { active: false });
  });
  good = await signer.sign(provider.url);
  expired = await signer.sign(provider.url, { exp: 1 });
  options = authenticatorOptions({
    issuers: [issuerOptions(provider.url)],
    backends: [
      {
        name: 'crm',
        keySha256: createHash('sha256').update('backend-key').digest('hex'),
        issuer: provider.url,
        classes: ['agent'],
      },
    ],
    session: {
      url: `${app.url}/session`,
      cookieName: 'sid',
      issuer: provider.url,
      claims: { person: 'user.id', class: null, tenant: null, display: null },
      cacheSeconds: 10,
      timeoutMs: 5_000,
    },
  });
  authenticator = createAuthenticator(options);
});

beforeEach(() => {
  app.requests.length = 0;
});

afterAll(async () => {
  await Promise.all([provider.close(), app.close()]);
});

const ask = (credentials: Partial<Credentials>) =>
  authenticator.authenticate({ ...NO_CREDENTIALS, ...credentials }, NOW_MS);

const person = (subject: string, via: Caller['via']) => expect.objectContaining({ subject, via });
const SEVERAL = expect.objectContaining({
  outcome: 'refused',
  code: 'invalid-request',
  errors: [{ pointer: 'Authorization', detail: expect.any(String) }],
});
const NO_GUESTS = expect.objectContaining({ outcome: 'refused', code: 'guests-not-allowed' });
const FORBIDDEN = expect.objectContaining({ outcome: 'refused', code: 'forbidden' });

const IN = 'sid=in';
const OUT = 'sid=out';
const GUEST = 'mg_guest=g';

describe('the first credential present decides', () => {
  test.each<[string, () => Partial<Credentials>, unknown]>([
    ['nothing', () => ({}), refusedFor('missing')],
    ['a subject alone', () => ({ subject: 'ada' }), refusedFor('missing')],
    ['other cookies', () => ({ cookie: 'theme=dark; lang=en' }), refusedFor('missing')],
    ['empty cookies', () => ({ cookie: 'sid=; mg_guest=' }), refusedFor('missing')],
    ['bearer', () => ({ authorization: `Bearer ${good}` }), person('ada', 'bearer')],
    [
      'bearer before cookies',
      () => ({ authorization: `Bearer ${good}`, cookie: IN }),
      person('ada', 'bearer'),
    ],
    [
      'failing bearer, session',
      () => ({ authorization: `Bearer ${expired}`, cookie: IN }),
      refusedFor('expired'),
    ],
    [
      'failing bearer, guest',
      () => ({ authorization: `Bearer ${expired}`, cookie: GUEST }),
      refusedFor('expired'),
    ],
    ['empty bearer, session', () => ({ authorization: 'Bearer', cookie: IN }), refusedFor('malformed')],
    ['empty bearer with a space', () => ({ authorization: 'Bearer ', cookie: IN }), refusedFor('malformed')],
    [
      'bearer, subject beside it',
      () => ({ authorization: `Bearer ${good}`, subject: 'eve' }),
      person('ada', 'bearer'),
    ],
    [
      'bearer from a foreign origin',
      () => ({ authorization: `Bearer ${good}`, originTrusted: false }),
      person('ada', 'bearer'),
    ],
    ['key', () => ({ apiKey: 'backend-key', subject: 'ada' }), person('ada', 'backend')],
    [
      'key before cookies',
      () => ({ apiKey: 'backend-key', subject: 'ada', cookie: IN }),
      person('ada', 'backend'),
    ],
    [
      'failing key, session',
      () => ({ apiKey: 'wrong', subject: 'ada', cookie: IN }),
      refusedFor('unknown-backend'),
    ],
    ['empty key, session', () => ({ apiKey: '', subject: 'ada', cookie: IN }), refusedFor('unknown-backend')],
    ['key without subject, session', () => ({ apiKey: 'backend-key', cookie: IN }), refusedFor('missing')],
    ['guest header', () => ({ authorization: 'Guest g' }), NO_GUESTS],
    ['guest header, lower case', () => ({ authorization: 'guest g' }), NO_GUESTS],
    ['guest header, session', () => ({ authorization: 'Guest g', cookie: IN }), NO_GUESTS],
    ['unknown scheme', () => ({ authorization: 'Basic YTpi' }), refusedFor('malformed')],
    [
      'unknown scheme, session',
      () => ({ authorization: 'Digest a="b", c="d"', cookie: IN }),
      refusedFor('malformed'),
    ],
    ['a scheme that begins alike', () => ({ authorization: `BearerX ${good}` }), refusedFor('malformed')],
    ['empty header, session', () => ({ authorization: '', cookie: IN }), refusedFor('malformed')],
    ['session', () => ({ cookie: `theme=dark; ${IN}` }), person('sessa', 'session')],
    ['session before guest', () => ({ cookie: `${GUEST}; ${IN}` }), person('sessa', 'session')],
    ['signed out', () => ({ cookie: OUT }), refusedFor('signed-out')],
    ['signed out, guest', () => ({ cookie: `${OUT}; ${GUEST}` }), NO_GUESTS],
    ['signed out as never asked before, guest', () => ({ cookie: `sid=new; ${GUEST}` }), NO_GUESTS],
    ['session from a foreign origin', () => ({ cookie: IN, originTrusted: false }), FORBIDDEN],
    ['guest', () => ({ cookie: GUEST }), NO_GUESTS],
    ['guest, secure name', () => ({ cookie: '__Host-mg_guest=g' }), NO_GUESTS],
    ['guest from a foreign origin', () => ({ cookie: GUEST, originTrusted: false }), FORBIDDEN],
    ['nothing from a foreign origin', () => ({ originTrusted: false }), refusedFor('missing')],
    [
      'bearer and key',
      () => ({ authorization: `Bearer ${good}`, apiKey: 'backend-key', subject: 'a' }),
      SEVERAL,
    ],
    ['guest and key', () => ({ authorization: 'Guest g', apiKey: 'backend-key' }), SEVERAL],
    ['unknown scheme and key', () => ({ authorization: 'Basic YTpi', apiKey: 'backend-key' }), SEVERAL],
    ['two bearers', () => ({ authorization: `Bearer ${good}, Bearer ${good}` }), SEVERAL],
    ['two bearers, no space', () => ({ authorization: `bearer ${good},bearer ${expired}` }), SEVERAL],
    ['two tokens', () => ({ authorization: `Bearer ${good},${good}` }), SEVERAL],
    ['bearer and guest', () => ({ authorization: `Guest g, Bearer ${good}` }), SEVERAL],
    ['basic and bearer', () => ({ authorization: `Basic YTpi, Bearer ${good}` }), SEVERAL],
  ])('%s', async (_name, credentials, expected) => {
    expect(await ask(credentials())).toEqual(expected);
  });

  test('the app is not asked when something before its cookie decides, nor for a foreign origin', async () => {
    authenticator = createAuthenticator(options);
    await ask({ authorization: `Bearer ${expired}`, cookie: IN });
    await ask({ apiKey: 'wrong', cookie: IN });
    await ask({ cookie: IN, originTrusted: false });
    expect(app.requests).toEqual([]);
  });
});

test('a login that is built in is asked before any issuer', async () => {
  const demo: Caller = Object.freeze({
    issuer: 'demo',
    subject: 'dana',
    className: 'member',
    tenant: null,
    display: 'Dana',
    via: 'bearer',
  });
  const withDemo = createAuthenticator({
    ...options,
    bearerSources: [() => undefined, (token) => (token === 'demo-dana' ? demo : undefined)],
  });
  const bearer = (token: string) => ({ ...NO_CREDENTIALS, authorization: `Bearer ${token}` });
  expect(withDemo.authenticate(bearer('demo-dana'), NOW_MS)).toBe(demo);
  expect(await withDemo.authenticate(bearer('demo-eve'), NOW_MS)).toEqual(refusedFor('malformed'));
  expect(await withDemo.authenticate(bearer(good), NOW_MS)).toEqual(person('ada', 'bearer'));
});

test('without anything configured every credential is refused', async () => {
  const bare = createAuthenticator(authenticatorOptions());
  const answers = await Promise.all(
    [
      { authorization: `Bearer ${good}` },
      { authorization: 'Bearer opaque' },
      { apiKey: 'k' },
      { cookie: IN },
    ].map((each) => bare.authenticate({ ...NO_CREDENTIALS, ...each }, NOW_MS)),
  );
  expect(answers).toEqual(
    (['unknown-issuer', 'malformed', 'unknown-backend', 'missing'] as const).map((reason) =>
      refusedFor(reason),
    ),
  );
});
