import { createHmac } from 'node:crypto';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import request from 'supertest';
import twilio from 'twilio';
import { KEY, MINIMAL } from '../config/support.ts';
import { type CompatGateway, LISTED, openCompatGateway, PATH } from './compat-kit.ts';
import { COOKIE_NAME, cookieOf, loginOf, ORIGIN, YAML } from './guest-gateway.ts';

let open: CompatGateway;

afterEach(() => open.gateway.server.drain());

const ada = () => ({ Authorization: loginOf('ada') });
const passwordOf = (name: string) => loginOf(name).slice('Bearer '.length);

interface Claims {
  jti: string;
  iat: number;
  exp: number;
  grants: { identity: string; chat: { service_sid: string } };
}

const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Claims;

/** What twilio-node signs for the same claims; the `jti` is ours. */
function signedByTwilio({ jti, iat, exp, grants }: Claims): string {
  const now = jest.spyOn(Date, 'now').mockReturnValue(iat * 1000);
  const secret = MINIMAL['TWILIO_API_KEY_SECRET'] as string;
  const { AccessToken } = twilio.jwt;
  const token = new AccessToken(MINIMAL['TWILIO_ACCOUNT_SID'] as string, KEY, secret, {
    identity: grants.identity,
    ttl: exp - iat,
  });
  token.addGrant(new AccessToken.ChatGrant({ serviceSid: grants.chat.service_sid }));
  const [header = '', payload = ''] = token.toJwt().split('.');
  now.mockRestore();
  const own = Buffer.from(payload, 'base64url').toString().replace(`"jti":"${KEY}-${iat}"`, `"jti":"${jti}"`);
  const signed = `${header}.${Buffer.from(own).toString('base64url')}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

describe('/token, 200', () => {
  test('answers the token alone, as twilio-node signs it, and nobody keeps it', async () => {
    open = await openCompatGateway();
    const { status, text, headers } = await open.get(ada());
    expect([status, headers['content-type']]).toEqual([200, 'text/plain; charset=utf-8']);
    expect(text).toBe(signedByTwilio(claimsOf(text)));
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'content-length': String(text.length),
    });
    for (const absent of ['etag', 'set-cookie', 'last-modified', 'access-control-allow-origin']) {
      expect(headers).not.toHaveProperty(absent);
    }
  });

  test('is the same mint as that of /v1/tokens, in the same ledger and log', async () => {
    open = await openCompatGateway();
    const { text, headers } = await open.get(ada());
    const { body } = await open.post('/v1/tokens', { intent: 'open_chat' }).set(ada());
    expect(body).toMatchObject({ token: text, outcome: 'reused' });
    expect((await open.send(ada())).text).toBe(text);
    expect(await open.counted()).toEqual({ people: 1, minted: 1, reused: 2 });
    expect(open.events).toContainEqual(
      expect.objectContaining({
        ...{ event: 'token.minted', intent: 'open_chat', via: 'bearer', service: 'default' },
        requestId: headers['x-request-id'],
      }),
    );
    expect(open.events).toContainEqual(
      expect.objectContaining({ event: 'http.request', method: 'GET', route: '/token', status: 200 }),
    );
  });

  test.each<[string, object | string | undefined, string]>([
    ['no body', undefined, '?service=shop'],
    ['JSON', { service: 'shop', identity: 'grace' }, ''],
    ['a form', 'service=shop&identity=grace', ''],
    ['an empty form', '', '?service=shop'],
  ])('reads %s, and believes no identity', async (_name, body, query) => {
    open = await openCompatGateway();
    const { status, text } = await open.send(ada(), body, query);
    const own = await open.post('/v1/tokens', { intent: 'open_chat', service: 'shop' }).set(ada());
    expect([status, text]).toEqual([200, own.body.token]);
    expect(claimsOf(text).grants.chat.service_sid).toBe(`IS${'4'.repeat(32)}`);
  });

  test('answers every question anew, also one that may be answered by 304', async () => {
    open = await openCompatGateway();
    const { status, text } = await open.get({ ...ada(), 'If-None-Match': '*' });
    expect([status, text.split('.').length]).toEqual([200, 3]);
  });

  test('of a listed page can be read there, and its preflight is allowed', async () => {
    open = await openCompatGateway();
    const { status, headers } = await open.get({ ...ada(), Origin: LISTED });
    const permitted = { 'access-control-allow-origin': LISTED, 'access-control-allow-credentials': 'true' };
    expect(status).toBe(200);
    expect(headers).toMatchObject({ ...permitted, vary: expect.stringMatching(/^Origin\b/) });
    const preflight = await request(open.gateway.app).options(PATH).set('Origin', LISTED);
    expect(preflight.status).toBe(204);
    expect(preflight.headers).toMatchObject({
      ...permitted,
      'access-control-allow-headers': expect.stringContaining('Authorization'),
      'access-control-allow-methods': expect.stringMatching(/GET.*POST/),
    });
  });
});

describe('/token with the cookie of a guest, 200', () => {
  test.each<[string, Record<string, string>]>([
    ['a listed page', { Origin: LISTED }],
    ['the gateway’s own page', { Origin: ORIGIN }],
    ['a script of the same origin', { 'Sec-Fetch-Site': 'same-origin', 'Sec-Fetch-Dest': 'empty' }],
  ])('by GET of %s', async (_name, headers) => {
    open = await openCompatGateway();
    const Cookie = cookieOf(await open.post('/v1/guests')) as string;
    const { status, text } = await open.get({ Cookie, ...headers });
    expect([status, claimsOf(text).grants.identity]).toEqual([200, expect.stringMatching(/^g_/)]);
  });

  test('by POST of JSON', async () => {
    open = await openCompatGateway();
    const Cookie = cookieOf(await open.post('/v1/guests')) as string;
    expect((await open.send({ Cookie, Origin: ORIGIN }, {})).status).toBe(200);
  });

  test('a member takes over the guest where that is automatic, and the cookie is cleared', async () => {
    const yaml = YAML.replace('newPerHour', 'adoption: automatic, newPerHour');
    open = await openCompatGateway('login', { yaml });
    const Cookie = cookieOf(await open.post('/v1/guests')) as string;
    const asGuest = await open.get({ Cookie, Origin: ORIGIN });
    const asMember = await open.get({ ...ada(), Cookie, Origin: ORIGIN });
    expect(claimsOf(asMember.text).grants.identity).toBe(claimsOf(asGuest.text).grants.identity);
    expect([cookieOf(asMember), (await open.counted()).people]).toEqual(['', 1]);
    expect(asMember.headers['set-cookie']?.[0]).toContain(COOKIE_NAME);
  });
});

describe('/token with a password, 200', () => {
  test('takes the login token in the query, as Twilio’s React demo sends it', async () => {
    open = await openCompatGateway('password');
    const { status, text } = await open.get({}, `?identity=grace&password=${passwordOf('ada')}`);
    const own = await open.post('/v1/tokens', { intent: 'open_chat' }).set(ada());
    expect([status, text]).toEqual([200, own.body.token]);
  });

  test.each([
    ['a form', (password: string) => `identity=grace&password=${password}`],
    ['JSON', (password: string) => ({ identity: 'grace', password })],
  ])('and in %s', async (_name, bodyOf) => {
    open = await openCompatGateway('password');
    const { status, text } = await open.send({}, bodyOf(passwordOf('ada')));
    const own = await open.post('/v1/tokens', { intent: 'open_chat' }).set(ada());
    expect([status, text]).toEqual([200, own.body.token]);
  });

  test('still takes the header, and a cookie beside a password decides nothing', async () => {
    open = await openCompatGateway('password');
    expect((await open.get(ada())).status).toBe(200);
    const Cookie = cookieOf(await open.post('/v1/guests')) as string;
    const { text } = await open.get({ Cookie, Origin: ORIGIN }, `?password=${passwordOf('grace')}`);
    expect(claimsOf(text).grants.identity).toMatch(/^m_/);
  });

  test('leaves no trace of it in log, metrics or answer headers', async () => {
    open = await openCompatGateway('password');
    const password = passwordOf('ada');
    const answers = [
      await open.get({}, `?identity=grace-the-customer&password=${password}`),
      await open.get({}, `?identity=grace-the-customer&password=${password}x`),
      await open.get(
        {},
        `?identity=grace-the-customer&${password}=1&password=${password}&password=${password}`,
      ),
      await open.send({}, `identity=grace-the-customer&${password}`),
      await request(open.gateway.app).post(PATH).type('text').send(password),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 401, 400, 400, 415]);
    await open.gateway.metricsServer.listen(0, '127.0.0.1');
    const metrics = await request(open.gateway.metricsServer.http).get('/metrics');
    await open.gateway.metricsServer.close();
    const told = [
      ...[JSON.stringify(open.events), metrics.text],
      ...answers.map(({ headers }) => JSON.stringify(headers)),
      ...answers.slice(1).map(({ text }) => text),
    ].join('\n');
    expect(metrics.text).toContain('http_route="/token"');
    expect(told).not.toContain(password);
    expect(told).not.toContain('grace-the-customer');
    for (const { headers } of answers) expect(headers['referrer-policy']).toBe('no-referrer');
  });
});
