import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { guestAnswerSchema } from '../../src/contract/guests.ts';
import {
  COOKIE_NAME,
  cookieOf,
  DAY_MS,
  type GuestGateway,
  loginOf,
  openGuestGateway,
} from './guest-gateway.ts';

let open: GuestGateway;

beforeEach(async () => {
  open = await openGuestGateway();
});

afterEach(() => open.gateway.server.drain());

const enter = (cookie: string | null = null, body: object = {}) => {
  const call = open.post('/v1/guests', body);
  return cookie === null ? call : call.set('Cookie', cookie);
};

describe('POST /v1/guests, 200', () => {
  test('makes a guest and gives the cookie that only this host and no script can read', async () => {
    const response = await enter();

    expect(response.status).toBe(200);
    expect(guestAnswerSchema.parse(response.body)).toEqual(response.body);
    expect(response.body).toEqual({
      guestId: expect.stringMatching(/^g_[0-9a-f]{32}$/),
      expiresAt: '2027-12-25T21:00:00.000Z',
      created: true,
    });
    expect(response.headers['cache-control']).toBe('no-store');
    expect(response.headers['set-cookie']).toEqual([
      expect.stringMatching(
        new RegExp(
          `^${COOKIE_NAME}=[\\w.-]{50,128}; Max-Age=34560000; Path=/; HttpOnly; Secure; SameSite=Lax$`,
        ),
      ),
    ]);
  });

  test('gives the same guest again, and no new cookie within a day', async () => {
    const first = await enter();
    open.clock.advance(DAY_MS);
    const again = await enter(cookieOf(first));

    expect(again.body).toEqual({ ...first.body, created: false });
    expect(cookieOf(again)).toBeNull();
  });

  test('renews the cookie at a later visit, so that it lives 400 days from the last one', async () => {
    const first = await enter();
    open.clock.advance(300 * DAY_MS);
    const second = await enter(cookieOf(first));
    open.clock.advance(300 * DAY_MS);
    const third = await enter(cookieOf(second));

    expect(cookieOf(second)).not.toBe(cookieOf(first));
    expect(third.body).toMatchObject({ guestId: first.body.guestId, created: false });
    expect((await enter(cookieOf(first))).body).toMatchObject({ created: true });
  });

  test('gives the credential itself when that is wanted, and takes it in body and header', async () => {
    const first = await enter(null, { want: 'credential' });
    const { credential, guestId } = first.body;

    expect(cookieOf(first)).toBeNull();
    const again = { guestId, credential, created: false, expiresAt: first.body.expiresAt };
    expect((await enter(null, { want: 'credential', credential })).body).toEqual(again);
    const byHeader = await enter(null, { want: 'credential' }).set('Authorization', `Guest ${credential}`);
    expect(byHeader.body).toEqual(again);
    const asCookie = await enter(null, { credential });
    expect(asCookie.body).toEqual({ guestId, created: false, expiresAt: first.body.expiresAt });
    expect(cookieOf(asCookie)).toBe(`${COOKIE_NAME}=${credential}`);
  });

  test('a credential needs neither cookie nor Origin', async () => {
    const { body } = await enter(null, { want: 'credential' }).unset('Origin');
    const foreign = enter(null, { want: 'credential', credential: body.credential });
    expect((await foreign.set('Origin', 'https://elsewhere.example')).body.guestId).toBe(body.guestId);
  });

  test('a program without cookies may ask for one', async () => {
    const response = await enter().unset('Origin');
    expect(response.status).toBe(200);
    expect(cookieOf(response)).toMatch(/^__Host-mg_guest=/);
  });

  test('each service has a guest of its own, and the cookie holds both', async () => {
    const first = await enter();
    const shop = await enter(cookieOf(first), { service: 'shop' });
    expect(shop.body.created).toBe(true);
    expect(shop.body.guestId).not.toBe(first.body.guestId);
    const both = cookieOf(shop);
    expect((await enter(both)).body).toEqual({ ...first.body, created: false });
    expect((await enter(both, { service: 'shop' })).body).toEqual({ ...shop.body, created: false });
  });

  test('the guest gets tokens under one identity, and only in their service', async () => {
    const { body } = await enter(null, { want: 'credential' });
    const authorization = `Guest ${body.credential}`;
    const ask = (more: object = {}) =>
      open.post('/v1/tokens', { intent: 'open_chat', ...more }).set('Authorization', authorization);

    const token = await ask();
    expect(token.status).toBe(200);
    expect(token.body).toMatchObject({ outcome: 'minted', firstThisMonth: true });
    open.clock.advance(50 * 60_000);
    expect((await ask()).body).toMatchObject({ identity: token.body.identity, firstThisMonth: false });
    expect((await ask({ service: 'shop' })).status).toBe(401);
  });

  test('mints and counts nothing by itself', async () => {
    await enter();
    const service = 'default' as Parameters<GuestGateway['gateway']['ledger']['months']>[0];
    expect(await open.gateway.ledger.months(service)).toEqual([]);
  });

  test('no credential reaches the log', async () => {
    const { body } = await enter(null, { want: 'credential' });
    await enter(`${COOKIE_NAME}=${body.credential}`);
    await open.post('/v1/tokens', { intent: 'open_chat' }).set('Authorization', `Guest ${body.credential}`);
    const log = JSON.stringify(open.events);
    expect(open.events.length).toBeGreaterThan(2);
    expect(log).not.toContain(body.credential.slice(-43));
    expect(log).not.toContain(body.guestId);
  });
});

describe('a new guest, never another person, comes of', () => {
  const credentialOf = async (body: object = {}) =>
    (await enter(null, { want: 'credential', ...body })).body as { guestId: string; credential: string };

  test.each<[string, (good: string, other: string) => string]>([
    ['a forged credential', (good) => `${good.slice(0, -1)}${good.endsWith('A') ? 'B' : 'A'}`],
    [
      'a credential with the signature of another',
      (good, other) => `${good.slice(0, -43)}${other.slice(-43)}`,
    ],
    ['nonsense', () => 'g'],
  ])('%s', async (_name, forge) => {
    const [good, other] = [await credentialOf(), await credentialOf()];
    const credential = forge(good.credential, other.credential);
    for (const response of [await enter(null, { credential }), await enter(`${COOKIE_NAME}=${credential}`)]) {
      // The limit of three new guests may be reached by now; what matters is that it is nobody who exists.
      if (response.status === 429) continue;
      expect(response.body.created).toBe(true);
      expect([good.guestId, other.guestId]).not.toContain(response.body.guestId);
    }
  });

  test('a credential of another service', async () => {
    const shop = await credentialOf({ service: 'shop' });
    const response = await enter(null, { credential: shop.credential });
    expect(response.body).toMatchObject({ created: true });
    expect(response.body.guestId).not.toBe(shop.guestId);
  });

  test('an expired credential', async () => {
    const old = await credentialOf();
    open.clock.advance(400 * DAY_MS);
    const response = await enter(null, { credential: old.credential });
    expect(response.body).toMatchObject({ created: true });
    expect(response.body.guestId).not.toBe(old.guestId);
  });

  test('a credential whose guest became a member', async () => {
    const adopted = await credentialOf();
    const link = await open
      .post('/v1/links', { credential: adopted.credential })
      .set('Authorization', loginOf('ada'));
    expect(link.body.outcome).toBe('adopted');

    const response = await enter(null, { credential: adopted.credential });
    expect(response.body).toMatchObject({ created: true });
    expect(response.body.guestId).not.toBe(adopted.guestId);
  });

  test('none at all, even when a good cookie stands beside a forged credential: that is the same browser', async () => {
    const first = await enter();
    const response = await enter(cookieOf(first), { credential: 'g' });
    expect(response.body).toEqual({ ...first.body, created: false });
  });
});
