import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { GatewayError } from '../../src/domain/gateway-error.ts';
import { ADMIN, createOperatorApp, type OperatorApp, type OperatorAppOptions } from '../ops/operator-app.ts';

const OWN = { 'Sec-Fetch-Site': 'same-origin' };

let gateway: OperatorApp;
beforeEach(() => {
  gateway = createOperatorApp();
});
afterEach(() => gateway.ledger.close());

async function restart(options: OperatorAppOptions): Promise<void> {
  await gateway.ledger.close();
  gateway = createOperatorApp(options);
}

function signIn(key: string, headers: Record<string, string> = OWN) {
  return request(gateway.app).post('/ops/login').type('form').set(headers).send({ key });
}

function cookieOf(answer: request.Response): string {
  const [cookie = ''] = (answer.headers['set-cookie'] ?? []) as unknown as string[];
  return cookie;
}

describe('the form', () => {
  it('comes to everyone who has no session', async () => {
    const { text, headers } = await request(gateway.app).get('/ops').expect(200);
    expect(text).toContain('<form method="post" action="/ops/login">');
    expect(text).not.toContain('November');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['set-cookie']).toBeUndefined();
  });

  it('says so when no key could open it', async () => {
    await restart({ keysConfigured: false, demo: true });
    const { text } = await request(gateway.app).get('/ops').expect(200);
    expect(text).toContain('No ops keys are configured');
    expect(text).toContain('<strong>Demo.</strong>');
    expect(text).not.toContain('action="/ops/login"');
  });
});

describe('signing in', () => {
  it('trades a key for a session of 12 hours', async () => {
    const answer = await signIn(' finance-key\n').expect(303);
    expect(answer.headers['location']).toBe('/ops');
    expect(answer.headers['cache-control']).toBe('no-store');
    const cookie = cookieOf(answer);
    expect(cookie).toMatch(
      /^mg_ops=[\w.-]+; Max-Age=43200; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Strict$/,
    );
    expect(cookie).not.toContain('finance-key');

    const Cookie = cookie.split(';')[0] ?? '';
    const page = await request(gateway.app).get('/ops').set({ Cookie }).expect(200);
    expect(page.text).toContain('the finance');
    expect(page.text).toContain('Sign out');
    gateway.clock.advance(12 * 3_600_000);
    const later = await request(gateway.app).get('/ops').set({ Cookie }).expect(200);
    expect(later.text).toContain('action="/ops/login"');
  });

  it('binds the cookie to the host over https', async () => {
    await restart({ publicUrl: 'https://mau.example' });
    const answer = await signIn('viewer-key', { Origin: 'https://mau.example' }).expect(303);
    expect(cookieOf(answer)).toMatch(/^__Host-mg_ops=[^;]+; .*Path=\/; .*HttpOnly; Secure; SameSite=Strict$/);
    const plain = cookieOf(answer).split(';')[0]?.replace('__Host-', '') ?? '';
    const page = await request(gateway.app).get('/ops').set({ Cookie: plain });
    expect(page.text).toContain('action="/ops/login"');
  });

  it.each(['wrong', '', 'finance', 'x'.repeat(500)])('fails for the key %j', async (key) => {
    const answer = await signIn(key).expect(401);
    expect(answer.text).toContain('This ops key is not known here.');
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="mau-guard"');
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it('fails for a body that is no form, or too large', async () => {
    await request(gateway.app).post('/ops/login').set(OWN).send({ key: 'finance-key' }).expect(401);
    await signIn('x'.repeat(9_000)).expect(413);
    await request(gateway.app).post('/ops/login').set(OWN).type('form').send('key=a&key=b').expect(401);
  });

  it.each([
    [{ 'Sec-Fetch-Site': 'cross-site' }],
    [{ 'Sec-Fetch-Site': 'same-site' }],
    [{ Origin: 'https://evil.example' }],
    [{ Origin: 'null' }],
    [{}],
  ])('is refused from elsewhere: %j', async (headers) => {
    const answer = await signIn('finance-key', headers as Record<string, string>).expect(403);
    expect(answer.body.code).toBe('forbidden');
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it('is limited after many failures', async () => {
    await restart({ failuresPerMinute: 1 });
    await signIn('wrong').expect(401);
    await signIn('wrong').expect(429);
    await request(gateway.app).get('/ops').set({ Authorization: 'Bearer wrong' }).expect(429);
    await signIn('finance-key').expect(303);
  });

  it('by a wrong key in the header shows the form', async () => {
    const answer = await request(gateway.app).get('/ops').set({ Authorization: 'Bearer wrong' }).expect(401);
    expect(answer.text).toContain('This ops key is not known here.');
  });
});

describe('signing out', () => {
  it('ends the session on the gateway, also for whoever has copied the cookie', async () => {
    const Cookie = cookieOf(await signIn('viewer-key')).split(';')[0] ?? '';
    const other = cookieOf(await signIn('viewer-key')).split(';')[0] ?? '';
    await request(gateway.app)
      .post('/ops/logout')
      .set({ ...OWN, Cookie })
      .expect(303);
    await request(gateway.app)
      .get('/v1/months')
      .set({ ...OWN, Cookie })
      .expect(401);
    await request(gateway.app)
      .get('/v1/months')
      .set({ ...OWN, Cookie: other })
      .expect(200);
  });

  it('everywhere ends every session of the operator, and for an admin of everybody', async () => {
    const [viewer, finance, admin] = await Promise.all(
      ['viewer-key', 'finance-key', 'admin-key'].map(
        async (key) => cookieOf(await signIn(key)).split(';')[0] ?? '',
      ),
    );
    const end = (Cookie = '', whose = 'mine', reason = '') =>
      request(gateway.app)
        .post('/ops/sessions/end')
        .type('form')
        .set({ ...OWN, Cookie })
        .send({ whose, reason });
    const months = (Cookie = '') =>
      request(gateway.app)
        .get('/v1/months')
        .set({ ...OWN, Cookie });
    gateway.clock.advance(1);
    await end(viewer, 'everybody').expect(403);
    await end(viewer).expect(303);
    await months(viewer).expect(401);
    await months(finance).expect(200);
    await request(gateway.app)
      .post('/ops/sessions/end')
      .set({ Cookie: admin ?? '' })
      .expect(403);
    await end(admin, 'everybody').expect(400, /Must not be blank/);
    await months(finance).expect(200);
    await end(admin, 'everybody', 'A laptop was stolen').expect(303);
    await months(finance).expect(401);
    await months(admin).expect(401);
    for (const service of ['default', 'shop']) {
      const { body } = await request(gateway.app).get(`/v1/audit?service=${service}`).set(ADMIN);
      expect(body.items).toMatchObject([
        { by: 'the admin', action: 'sessions.end', reason: 'A laptop was stolen' },
      ]);
    }
  });

  it('of everybody ends also while the audit log cannot be written', async () => {
    let away = false;
    await restart({ spoil: () => away });
    const Cookie = cookieOf(await signIn('admin-key')).split(';')[0] ?? '';
    const headers = { ...OWN, Cookie };
    gateway.clock.advance(1);
    away = true;
    const form = { whose: 'everybody', reason: 'A laptop was stolen' };
    await request(gateway.app).post('/ops/sessions/end').type('form').set(headers).send(form).expect(303);
    away = false;
    await request(gateway.app).get('/v1/months').set(headers).expect(401);
  });

  it('says so when other gateways could not be told', async () => {
    const fails = () => Promise.reject(new GatewayError('ledger-unavailable', 'gone'));
    await restart({ ended: { endOne: fails, endBefore: fails, hasEnded: async () => false } });
    const Cookie = cookieOf(await signIn('viewer-key')).split(';')[0] ?? '';
    const answer = await request(gateway.app)
      .post('/ops/logout')
      .set({ ...OWN, Cookie })
      .expect(200);
    expect(answer.text).toContain('Signed out here');
    expect(cookieOf(answer)).toMatch(/^mg_ops=;/);
  });

  it('takes the cookie away', async () => {
    const answer = await request(gateway.app).post('/ops/logout').set(OWN).expect(303);
    expect(answer.headers['location']).toBe('/ops');
    expect(cookieOf(answer)).toMatch(/^mg_ops=; Path=\/; Expires=Thu, 01 Jan 1970/);
    await request(gateway.app).post('/ops/logout').set({ 'Sec-Fetch-Site': 'cross-site' }).expect(403);
  });
});

describe('the choice of colours', () => {
  it('is kept, and leads back to where it was made', async () => {
    const choose = (back: string, headers: Record<string, string> = OWN) =>
      request(gateway.app).post('/ops/theme').type('form').set(headers).send({ theme: 'dark', back });
    const answer = await choose('/ops/budget?service=shop').expect(303);
    expect(answer.headers['location']).toBe('/ops/budget?service=shop');
    const Cookie = cookieOf(answer).split(';')[0] ?? '';
    expect((await request(gateway.app).get('/ops').set({ Cookie })).text).toContain('data-theme="dark"');
    for (const elsewhere of ['https://evil.example', '//evil.example', '/opsx', '/ops\\n', '/v1/months']) {
      expect((await choose(elsewhere).expect(303)).headers['location']).toBe('/ops');
    }
    await choose('/ops', { 'Sec-Fetch-Site': 'cross-site' }).expect(403);
    const odd = await request(gateway.app).get('/ops').set({ Cookie: 'mg_theme="><script>' });
    expect(odd.text).toContain('data-theme="system"');
  });
});

describe('a one-time link', () => {
  it('opens the dashboard once and leaves the address', async () => {
    const code = gateway.logins.issue({ name: 'first run', role: 'admin' });
    const answer = await request(gateway.app).get(`/ops?login=${code}`).expect(303);
    expect(answer.headers['location']).toBe('/ops');
    const Cookie = cookieOf(answer).split(';')[0] ?? '';
    const page = await request(gateway.app).get('/ops').set({ Cookie });
    expect(page.text).toContain('first run');
    const again = await request(gateway.app).get(`/ops?login=${code}`).expect(401);
    expect(again.text).toContain('used already or has expired. Ask for a new one.');
    expect(again.headers['set-cookie']).toBeUndefined();
  });

  it('of a demo comes anew with a new start', async () => {
    await restart({ demo: true });
    const { text } = await request(gateway.app).get('/ops?login=used').expect(401);
    expect(text).toContain('used already or has expired. A new start of the demo prints another.');
  });

  it.each([
    { 'Sec-Purpose': 'prefetch' },
    { 'Sec-Purpose': 'prefetch;prerender' },
    { Purpose: 'prefetch' },
    { 'X-Moz': 'prefetch' },
  ])('is not used up by a browser that looks ahead: %j', async (headers) => {
    const code = gateway.logins.issue({ name: 'first run', role: 'admin' });
    const ahead = await request(gateway.app)
      .get(`/ops?login=${code}`)
      .set(headers as Record<string, string>)
      .expect(403);
    expect(ahead.headers['set-cookie']).toBeUndefined();
    await request(gateway.app).get(`/ops?login=${code}`).expect(303);
  });

  it('is not used up by HEAD', async () => {
    const code = gateway.logins.issue({ name: 'first run', role: 'admin' });
    await request(gateway.app).head(`/ops?login=${code}`).expect(200);
    await request(gateway.app).get(`/ops?login=${code}`).expect(303);
  });

  it('clicked on another site goes by a page of ours, or the browser would keep the cookie back', async () => {
    const code = gateway.logins.issue({ name: 'first run', role: 'admin' });
    const answer = await request(gateway.app)
      .get(`/ops?login=${code}`)
      .set({ 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' })
      .expect(200);
    expect(answer.text).toContain('Signed in');
    expect(cookieOf(answer)).toMatch(/^mg_ops=/);
  });
});
