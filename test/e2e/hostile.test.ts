import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ProblemCode } from '../../src/http/problem-code.ts';
import { type GatewayProcess, startGateway } from '../support/gateway-process.ts';
import { AUDIENCE, type JwksIssuer, startJwksIssuer } from '../support/jwks-issuer.ts';
import { expectProblem, monthSummary, tokenFor } from './answers.ts';
import { configuredEnv, IDENTITY_SECRET, NO_LIMITS, OPS_KEY, SIGNING } from './configured.ts';
import { HOSTILE_TOKENS } from './hostile-tokens.ts';
import { type RawRequest, sendRaw } from './raw-request.ts';

/** A subject that is the identity too (strategy `claim`), and stands in nothing but our own requests. */
const PERSON = 'subject-that-no-log-may-name';
const JSON_BODY = '{"intent":"open_chat"}';
const JSON_TYPE = ['Content-Type', 'application/json'];

let issuer: JwksIssuer;
let gateway: GatewayProcess;
let login: string;
/** Everything that must never be seen again: logins, tokens, secrets. */
const secrets: string[] = [IDENTITY_SECRET, SIGNING.keySecret, OPS_KEY, PERSON];

beforeAll(async () => {
  issuer = await startJwksIssuer();
  login = await issuer.sign(PERSON);
  secrets.push(...login.split('.').slice(1));
  gateway = await startGateway({
    env: configuredEnv({
      AUTH_ISSUER: issuer.url,
      AUTH_AUDIENCE: AUDIENCE,
      LOG_LEVEL: 'trace',
      CORS_ORIGINS: 'https://app.example.com',
    }),
    configFile: `identity: { strategy: claim }\n${NO_LIMITS}`,
  });
});
afterAll(async () => {
  await gateway.stop();
  await issuer.stop();
});

/** Sends it, and asserts that the answer is that problem and gives away nothing. */
async function expectRefused(request: RawRequest, code: ProblemCode): Promise<Record<string, unknown>> {
  const response = await sendRaw(gateway.url, request);
  const all = `${await response.clone().text()} ${[...response.headers].join(' ')}`;
  for (const secret of secrets) expect(all).not.toContain(secret);
  return expectProblem(response, code);
}

const asPerson = (headers: readonly string[] = []) => [
  'Authorization',
  `Bearer ${login}`,
  ...JSON_TYPE,
  ...headers,
];

describe('a login', () => {
  test.each(HOSTILE_TOKENS)('%s is no login', async (_name, make) => {
    const token = await make(issuer, PERSON);
    const [, claims = '', signature = ''] = token.split('.');
    const asked = issuer.requests.length;

    const headers = ['Authorization', `Bearer ${token}`, ...JSON_TYPE];
    const problem = await expectRefused({ headers, body: JSON_BODY }, 'unauthenticated');

    for (const part of [claims, signature].filter((each) => each.length > 16)) {
      expect(JSON.stringify(problem)).not.toContain(part);
      secrets.push(part);
    }
    // Whatever a token says of keys elsewhere, only the issuer's own two addresses are ever asked.
    expect(['/.well-known/openid-configuration', '/jwks']).toEqual(
      expect.arrayContaining(issuer.requests.slice(asked)),
    );
  });

  test.each<[string, string[], ProblemCode]>([
    ['is missing', [], 'unauthenticated'],
    ['is empty', ['Authorization', ''], 'unauthenticated'],
    ['is a scheme only', ['Authorization', 'Bearer'], 'unauthenticated'],
    ['has another scheme', ['Authorization', 'Basic YWRhOmFkYQ=='], 'unauthenticated'],
    ['is a guest', ['Authorization', 'Guest abc'], 'guests-not-allowed'],
    ['is an unknown key of a backend', ['X-Api-Key', 'unknown', 'X-Subject', PERSON], 'unauthenticated'],
    ['is a subject without a key', ['X-Subject', PERSON], 'unauthenticated'],
    ['is two tokens in one', ['Authorization', 'Bearer a, Bearer b'], 'invalid-request'],
    ['is sent twice', ['Authorization', 'Bearer a', 'authorization', 'Bearer b'], 'invalid-request'],
    ['is sent beside another', ['Authorization', 'Bearer a', 'X-Api-Key', 'b'], 'invalid-request'],
    ['is a guest cookie from nowhere', ['Cookie', 'mg_guest=abc'], 'forbidden'],
    ['is the ops key', ['Authorization', `Bearer ${OPS_KEY}`], 'unauthenticated'],
  ])('that %s', async (_name, headers, code) => {
    await expectRefused({ headers: [...JSON_TYPE, ...headers], body: JSON_BODY }, code);
  });

  test('that failed is told how to log in, and that only', async () => {
    const response = await sendRaw(gateway.url, { headers: JSON_TYPE, body: JSON_BODY });
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="mau-guard"');
    expect(response.headers.get('set-cookie')).toBeNull();
  });
});

describe('a body', () => {
  const pointers = (problem: Record<string, unknown>) =>
    (problem['errors'] as { pointer: string }[]).map(({ pointer }) => pointer);

  test.each<[string, string | Buffer | undefined, string[]]>([
    ['that is missing', undefined, ['']],
    ['that is empty', '', ['']],
    ['that is no JSON', '{"intent":', ['']],
    ['that is not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), ['']],
    ['that is a list', '[]', ['']],
    ['that is null', 'null', ['']],
    ['that is a text', '"open_chat"', ['']],
    ['that is nested without end', `${'['.repeat(4000)}${']'.repeat(4000)}`, ['']],
    [
      'with a field that is nested without end',
      `{"intent":${'['.repeat(4000)}${']'.repeat(4000)}}`,
      ['/intent'],
    ],
    ['without an intent', '{}', ['/intent']],
    ['with an intent of another type', '{"intent":7}', ['/intent']],
    ['with a long intent', `{"intent":"${'x'.repeat(65)}"}`, ['/intent']],
    ['with an unknown intent', '{"intent":"open_chta"}', ['/intent']],
    ['with an intent out of the prototype', '{"intent":"constructor"}', ['/intent']],
    ['with unknown fields', '{"intent":"open_chat","identity":"ada","sub":"ada"}', ['/identity', '/sub']],
    ['with a prototype', '{"intent":"open_chat","__proto__":{"intent":"x"}}', ['/__proto__']],
    ['with control characters', '{"intent":"open_chat","device":"a\\u0000b\\u001b[31m"}', ['/device']],
    ['with a long device', `{"intent":"open_chat","device":"${'x'.repeat(65)}"}`, ['/device']],
    ['with an unknown state of the tab', '{"intent":"open_chat","tabState":"asleep"}', ['/tabState']],
    ['with several faults', '{"intent":"","device":"","x":1}', ['/device', '/intent', '/x']],
  ])('%s', async (_name, body, expected) => {
    const request = { headers: asPerson(), ...(body === undefined ? {} : { body }) };
    const problem = await expectRefused(request, 'invalid-request');
    expect(pointers(problem).sort()).toEqual(expected);
  });

  const withType = (type: string) => asPerson().with(3, type);

  test.each<[string, () => string[], string, ProblemCode]>([
    ['that is too large', asPerson, JSON.stringify({ intent: 'x'.repeat(9_000) }), 'payload-too-large'],
    ['that is far too large', asPerson, JSON.stringify({ intent: 'x'.repeat(200_000) }), 'payload-too-large'],
    [
      'that says that it is',
      () => asPerson(['Content-Length', '9000']),
      'x'.repeat(9_000),
      'payload-too-large',
    ],
    ['of a form', () => withType('application/x-www-form-urlencoded'), 'intent=x', 'unsupported-media-type'],
    ['of plain text', () => withType('text/plain'), JSON_BODY, 'unsupported-media-type'],
    ['of nothing in particular', () => asPerson().toSpliced(2, 2), JSON_BODY, 'unsupported-media-type'],
    ['in Latin-1', () => withType('application/json; charset=latin1'), JSON_BODY, 'unsupported-media-type'],
    ['that is compressed', () => asPerson(['Content-Encoding', 'gzip']), JSON_BODY, 'unsupported-media-type'],
    ['for an unknown service', asPerson, '{"intent":"open_chat","service":"nowhere"}', 'not-found'],
  ])('%s', async (_name, headers, body, code) => {
    await expectRefused({ headers: headers(), body }, code);
  });
});

describe('an address', () => {
  const ops = ['Authorization', `Bearer ${OPS_KEY}`];

  test.each<[string, string, string, ProblemCode]>([
    ['a method that it has not', 'GET', '/v1/tokens', 'method-not-allowed'],
    ['a method that nothing has', 'PROPFIND', '/v1/tokens', 'method-not-allowed'],
    ['two slashes', 'POST', '//v1/tokens', 'not-found'],
    ['two slashes and a host', 'POST', '//evil.example/v1/tokens', 'not-found'],
    ['dots', 'POST', '/v1/../v1/tokens', 'not-found'],
    ['encoded slashes', 'POST', '/v1%2ftokens', 'not-found'],
    ['an encoded NUL', 'POST', '/v1/tokens%00', 'not-found'],
    ['other case', 'POST', '/V1/Tokens', 'not-found'],
    ['a percent sign that encodes nothing', 'POST', '/v1/tokens/%zz', 'invalid-request'],
    ['a percent sign that encodes no UTF-8', 'GET', '/v1/months/%ff', 'invalid-request'],
    ['a month that is none', 'GET', '/v1/months/2026-13', 'invalid-request'],
    ['a month that is a word', 'GET', '/v1/months/__proto__', 'invalid-request'],
    ['a month that would be a path', 'GET', '/v1/months/..%2f..%2fetc', 'invalid-request'],
    ['a cursor that is none', 'GET', '/v1/months/current/mints?cursor=bm9wZQ', 'invalid-request'],
    [
      'a cursor of JSON',
      'GET',
      `/v1/months/current/mints?cursor=${Buffer.from('{"p":"0","a":null,"f":"x"}').toString('base64url')}`,
      'invalid-request',
    ],
    ['a limit of nothing', 'GET', '/v1/months/current/identities?limit=0', 'invalid-request'],
    ['a limit without end', 'GET', '/v1/months/current/identities?limit=1e9', 'invalid-request'],
    ['a filter that is misspelt', 'GET', '/v1/months/current/identities?clas=member', 'invalid-request'],
    ['an unknown service', 'GET', '/v1/months/current?service=nowhere', 'not-found'],
    ['an unknown problem', 'GET', '/problems/unheard-of', 'not-found'],
    ['nothing', 'GET', '/nothing', 'not-found'],
    ['a type that it does not give', 'GET', '/v1/months/current', 'not-acceptable'],
  ])('with %s', async (_name, method, path, code) => {
    const accept = code === 'not-acceptable' ? ['Accept', 'image/png'] : [];
    const headers = [...(method === 'POST' ? asPerson() : ops), ...accept];
    const body = method === 'POST' ? { body: JSON_BODY } : {};
    const problem = await expectRefused({ method, path, headers, ...body }, code);
    expect(problem['instance']).toMatch(/^\/[^?]*$/);
  });

  test('of another host in its absolute form is our own path, and the host is nobody', async () => {
    const request = { method: 'GET', path: 'http://evil.example/nothing?x=1', headers: ops };
    expect(await expectRefused(request, 'not-found')).toMatchObject({ instance: '/nothing' });
    const star = await expectRefused({ method: 'GET', path: '*', headers: ops }, 'not-found');
    expect(JSON.stringify(star)).not.toContain('evil');
  });

  test('of the operators, with the login of a person, or with nothing', async () => {
    for (const headers of [[], ['Authorization', `Bearer ${login}`], ['Cookie', 'mg_ops=abc.def']]) {
      for (const path of ['/v1/months', '/v1/months/current', '/v1/months/current/mints']) {
        await expectRefused({ method: 'GET', path, headers }, 'unauthenticated');
      }
    }
  });
});

describe('afterwards', () => {
  test('a header that is too large ends that connection and no other', async () => {
    const response = await sendRaw(gateway.url, {
      headers: asPerson(['X-Padding', 'x'.repeat(20_000)]),
      body: JSON_BODY,
    });
    expect(response.status).toBe(431);
    expect((await fetch(`${gateway.url}/livez`)).status).toBe(200);
  });

  test('nobody was counted, and nothing but refusals', async () => {
    const { identities, mints } = await monthSummary(gateway.url, OPS_KEY);
    expect(identities.total).toBe(0);
    expect(mints).toEqual({ minted: 0, reused: 0, refused: {}, shadow: {} });
  });

  test('an honest person is served, as who the login says they are', async () => {
    const { identity, token } = await tokenFor(gateway.url, login);
    secrets.push(...token.split('.').slice(1));
    expect(identity).toBe(PERSON);
    expect((await monthSummary(gateway.url, OPS_KEY)).identities.total).toBe(1);
  });

  test('no line of the log holds a login, a token, a secret or a person', async () => {
    const { stdout, stderr, signal } = await gateway.stop();
    expect(signal).toBeNull();
    const log = `${stdout}${stderr}`;
    expect(log.split('\n').length).toBeGreaterThan(100);
    expect(log).toContain('"token.refused"');
    for (const secret of secrets) expect(log).not.toContain(secret);
    for (const word of ['Bearer ', 'mg_ops=', 'forged', '\u001b', '\u0000']) expect(log).not.toContain(word);
    for (const line of stdout.trimEnd().split('\n')) expect(JSON.parse(line)).not.toHaveProperty('forged');
    expect(log).not.toContain('"level":"error"');
  });
});
