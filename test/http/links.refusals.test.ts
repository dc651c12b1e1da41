import { createHash } from 'node:crypto';
import { afterEach, describe, expect, test } from '@jest/globals';
import { plantSecrets } from '../support/planted-secrets.ts';
import { expectProblem } from './expect-problem.ts';
import { COOKIE_NAME, DAY_MS, type GuestGateway, loginOf, openGuestGateway, YAML } from './guest-gateway.ts';

let open: GuestGateway;

afterEach(() => open.gateway.server.drain());

const credentialOf = async (service = 'default') =>
  (await open.post('/v1/guests', { want: 'credential', service })).body.credential as string;

const link = (body: object, headers: Record<string, string> = {}) =>
  open.post('/v1/links', body).set(headers);
const ada = { Authorization: loginOf('ada') };

describe('POST /v1/links, 401: both proofs are needed', () => {
  test.each<[string, (credential: string) => ReturnType<typeof link>]>([
    ['nothing', () => link({})],
    ['a login alone', () => link({}, ada)],
    ['a guest alone, in the body', (credential) => link({ credential })],
    ['a guest alone, in the cookie', (credential) => link({}, { Cookie: `${COOKIE_NAME}=${credential}` })],
    [
      'a guest in place of the login',
      (credential) => link({ credential }, { Authorization: `Guest ${credential}` }),
    ],
    [
      'a login that fails',
      (credential) => link({ credential }, { Authorization: 'Bearer demo-ada-guessed' }),
    ],
    ['a forged guest', (credential) => link({ credential: credential.slice(0, -1) }, ada)],
    ['a forged guest in the cookie', () => link({}, { ...ada, Cookie: `${COOKIE_NAME}=g` })],
    [
      'a forged guest in the body, a good one in the cookie',
      (credential) => link({ credential: 'g' }, { ...ada, Cookie: `${COOKIE_NAME}=${credential}` }),
    ],
    ['a guest of another service', (credential) => link({ credential, service: 'shop' }, ada)],
  ])('%s', async (_name, send) => {
    open = await openGuestGateway();
    const credential = await credentialOf();
    const response = await send(credential);
    expectProblem(response, 'unauthenticated');
    expect(response.headers).not.toHaveProperty('set-cookie');
    // Nothing was adopted: the next member may still take the guest over.
    expect((await link({ credential }, { Authorization: loginOf('grace') })).body.outcome).toBe('adopted');
  });

  test('an expired guest', async () => {
    open = await openGuestGateway();
    const credential = await credentialOf();
    open.clock.advance(400 * DAY_MS);
    expectProblem(await link({ credential }, ada), 'unauthenticated');
  });

  test('failures are limited by address block', async () => {
    open = await openGuestGateway({ yaml: `${YAML}\nlimits: { failedAuthenticationsPerMinute: 2 }\n` });
    const statuses = [];
    for (let attempt = 0; attempt < 3; attempt += 1) statuses.push((await link({}, ada)).status);
    expect(statuses).toEqual([401, 401, 429]);
    expect((await open.post('/v1/tokens', { intent: 'open_chat' })).status).toBe(429);
  });
});

describe('POST /v1/links, 403', () => {
  test('forbidden: the cookie, for a page of another origin', async () => {
    open = await openGuestGateway();
    const Cookie = `${COOKIE_NAME}=${await credentialOf()}`;
    expectProblem(await link({}, { ...ada, Cookie, Origin: 'https://elsewhere.example' }), 'forbidden');
    expectProblem(await link({}, { ...ada, Cookie }).unset('Origin'), 'forbidden');
  });

  test('the body needs no Origin: the login is in a header that no other page can send', async () => {
    open = await openGuestGateway();
    const credential = await credentialOf();
    expect((await link({ credential }, ada).unset('Origin')).body.outcome).toBe('adopted');
  });

  test('forbidden: callers who share identities', async () => {
    const yaml = `${YAML}
classes:
  - { name: guest, prefix: g_ }
  - { name: member, prefix: t_, pool: 2 }
  - { name: agent, prefix: a_ }
`;
    open = await openGuestGateway({ yaml });
    expectProblem(await link({ credential: await credentialOf() }, ada), 'forbidden');
  });

  test('guests-not-allowed: where the policy denies guests', async () => {
    open = await openGuestGateway({ yaml: YAML.replace('per-browser', 'deny') });
    expectProblem(await link({ credential: 'g' }, ada), 'guests-not-allowed');
  });
});

describe('POST /v1/links, 429', () => {
  test('for one member who asks all the time, without touching their tokens', async () => {
    open = await openGuestGateway({ yaml: `${YAML}\nlimits: { tokenRequestsPerMinute: 2 }\n` });
    const credential = await credentialOf();
    await link({ credential }, ada);
    await link({ credential }, ada);
    const response = await link({ credential }, ada);
    expectProblem(response, 'rate-limited');
    expect(response.headers['ratelimit-policy']).toBe('"link-requests";q=2;w=60');
    expect((await open.post('/v1/tokens', { intent: 'open_chat' }).set(ada)).status).toBe(200);
  });
});

test('a trusted backend links for the person it speaks for', async () => {
  plantSecrets({ BACKEND_KEY: 'backend-key' });
  const sha256 = createHash('sha256').update('backend-key').digest('hex');
  const yaml = `${YAML}
backends: [{ name: crm, keySha256: ${sha256}, issuer: 'https://login.example.com/', classes: [member] }]
`;
  open = await openGuestGateway({ yaml });
  const headers = { 'X-Api-Key': 'backend-key', 'X-Subject': 'ada' };
  const credential = await credentialOf();
  expect((await link({ credential }, headers).unset('Origin')).body.outcome).toBe('adopted');
});
