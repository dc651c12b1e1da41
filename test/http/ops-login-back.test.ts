import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import request from 'supertest';
import { addWayBack, parseWayBack, splitWayBack } from '../../src/http/routes/ops-way-back.ts';
import type { OidcAnswer } from '../../src/ops/operator-oidc.ts';
import { createOperatorApp, type OperatorApp } from '../ops/operator-app.ts';

const OWN = { 'Sec-Fetch-Site': 'same-origin' };
const TARGET = '/ops/identities?class=member&month=2026-11';
const AS_HTML = TARGET.replaceAll('&', '&amp;');

/** Each would lead a browser elsewhere, or is nothing to come back to. */
const HOSTILE = [
  ...[
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    'https://evil.example/ops',
    'http:evil.example',
  ],
  ...['javascript:alert(1)', '/%2f%2fevil.example', '%2f%2fevil.example', '/%5cevil.example', 'evil.example'],
  ...['/ops//../..//evil.example', '/ops/../..//evil.example', '/ops/%2e%2e/%2e%2e//evil.example', '/ops/..'],
  ...['/ops\\..\\..\\evil.example', '/ops/\\evil.example', '/opsx', '/ops@evil.example', '/ops:80', '/OPS'],
  ...['/ops\r\nSet-Cookie: a=b', '/ops/\tx', '/ops/ x', '/ops/ä', ' /ops', '', '/', '/v1/months'],
  ...['/ops/login', '/ops/login/oidc?back=/ops', '/ops/logout', '/ops/./login/callback'],
  ...['/ops?login=a-code', '/ops?month=2026-11&login=a-code', '/ops?%6cogin=a-code', '/ops?code=x&state=y'],
  `/ops/${'x'.repeat(2_100)}`,
];

let gateway: OperatorApp;
let answer: OidcAnswer;
/** What the provider was left with. */
let tried: string[];

beforeEach(() => {
  tried = [];
  answer = { outcome: 'signed-in', operator: { name: 'oidc:ann', role: 'finance' } };
  gateway = createOperatorApp({
    oidc: {
      label: 'Sign in with login.example',
      begin: async () => ({ url: 'https://login.example/auth?state=s', attempt: 'the-attempt' }),
      async finish(_callback, attempt) {
        tried.push(attempt);
        return answer;
      },
    },
  });
});
afterEach(() => gateway.ledger.close());

function signIn(form: object, key = 'finance-key') {
  return request(gateway.app)
    .post('/ops/login')
    .type('form')
    .set(OWN)
    .send({ key, ...form });
}

function cookieOf(from: request.Response): string {
  const cookies = (from.headers['set-cookie'] ?? []) as unknown as string[];
  return cookies.find((each) => each.startsWith('mg_ops_login='))?.split(';')[0] ?? '';
}

async function goByProvider(back: string): Promise<request.Response> {
  const left = await request(gateway.app).get('/ops/login/oidc').query({ back }).expect(303);
  expect(left.headers['location']).toBe('https://login.example/auth?state=s');
  return request(gateway.app)
    .get('/ops/login/callback?code=c&state=s')
    .set({ Cookie: cookieOf(left) });
}

const linkOf = (page: string) => /<a class="button" href="([^"]*)">Open the dashboard/.exec(page)?.[1];

describe('the page that was asked for', () => {
  it('stands in the form and behind the link to the provider', async () => {
    const { text } = await request(gateway.app).get(TARGET).expect(200);
    expect(text).toContain(`<input type="hidden" name="back" value="${AS_HTML}">`);
    expect(text).toContain(`href="/ops/login/oidc?back=${encodeURIComponent(TARGET)}"`);
  });

  it('comes after signing in with a key, also at the second try', async () => {
    const wrong = await signIn({ back: TARGET }, 'wrong').expect(401);
    expect(wrong.text).toContain(`name="back" value="${AS_HTML}"`);
    const right = await signIn({ back: TARGET }).expect(303);
    expect(right.headers['location']).toBe(TARGET);
  });

  it('comes after signing in at the provider, who does not learn of it', async () => {
    const page = await goByProvider(TARGET);
    expect(page.status).toBe(200);
    expect(linkOf(page.text)).toBe(AS_HTML);
    expect(tried).toEqual(['the-attempt']);
  });

  it('stands in the form when the provider said no', async () => {
    answer = { outcome: 'no-role', reason: 'none' };
    const page = await goByProvider(TARGET);
    expect(page.status).toBe(401);
    expect(page.text).toContain(`name="back" value="${AS_HTML}"`);
  });

  it('is the month, where a form was sent without a session', async () => {
    const page = await request(gateway.app).post('/ops/freeze').set(OWN).type('form').send({}).expect(401);
    expect(page.text).toContain('name="back" value="/ops"');
  });

  it('is offered to whoever followed a link of another site, and may be signed in all the same', async () => {
    const followed = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' };
    const { text } = await request(gateway.app).get(TARGET).set(followed).expect(200);
    expect(text).toContain(`Signed in already? <a href="${AS_HTML}">`);
    expect((await request(gateway.app).get(TARGET)).text).not.toContain('Signed in already?');
  });
});

describe('a way back of somebody else’s', () => {
  it.each(HOSTILE)('leads to the month: %j', async (back) => {
    expect(parseWayBack(back)).toBe('/ops');
    expect((await signIn({ back }).expect(303)).headers['location']).toBe('/ops');
    expect(linkOf((await goByProvider(back)).text)).toBe('/ops');
    const planted = `mg_ops_login=the-attempt.${Buffer.from(back).toString('base64url')}`;
    const page = await request(gateway.app)
      .get('/ops/login/callback?code=c&state=s')
      .set({ Cookie: planted });
    expect(linkOf(page.text)).toBe('/ops');
  });

  it('leads to the month when it comes twice, or not at all', async () => {
    for (const body of ['key=finance-key&back=/ops/budget&back=//evil.example', 'key=finance-key']) {
      const signedIn = await request(gateway.app).post('/ops/login').type('form').set(OWN).send(body);
      expect(signedIn.headers['location']).toBe('/ops');
    }
  });

  it('never leaves the dashboard, whatever it is', () => {
    const pieces = [
      '/',
      '\\',
      '..',
      '.',
      '%2e',
      '%2f',
      '%5c',
      'ops',
      'evil.example',
      '?',
      '#',
      '@',
      ':',
      '\t',
    ];
    const texts = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string()), { maxLength: 12 });
    fc.assert(
      fc.property(texts, fc.boolean(), (parts, below) => {
        const led = new URL(parseWayBack(`${below ? '/ops' : ''}${parts.join('')}`), 'https://own.example');
        expect(led.origin).toBe('https://own.example');
        expect(led.pathname).toMatch(/^\/ops(\/|$)/);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is carried beside the attempt, which stays as it was', () => {
    expect(addWayBack('abc', '/ops')).toBe('abc');
    expect(splitWayBack(addWayBack('abc', TARGET))).toEqual({ attempt: 'abc', wayBack: TARGET });
    expect(splitWayBack('')).toEqual({ attempt: '', wayBack: '/ops' });
    expect(splitWayBack('abc.%%%.x')).toEqual({ attempt: 'abc', wayBack: '/ops' });
  });
});
