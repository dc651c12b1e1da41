import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { linkAnswerSchema } from '../../src/contract/guests.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import {
  COOKIE_NAME,
  cookieOf,
  type GuestGateway,
  loginOf,
  NOW_MS,
  openGuestGateway,
} from './guest-gateway.ts';

let open: GuestGateway;

beforeEach(async () => {
  open = await openGuestGateway();
});

afterEach(() => open.gateway.server.drain());

interface NewGuest {
  guestId: string;
  credential: string;
}

const newGuest = async (service = 'default') =>
  (await open.post('/v1/guests', { want: 'credential', service })).body as NewGuest;

const link = (name: string, guest: NewGuest, more: object = {}) =>
  open.post('/v1/links', { credential: guest.credential, ...more }).set('Authorization', loginOf(name));

const token = (authorization: string) =>
  open.post('/v1/tokens', { intent: 'open_chat' }).set('Authorization', authorization);

const people = async () => (await open.gateway.ledger.totals(DEFAULT_SERVICE, '2026-11' as never)).all;

describe('POST /v1/links, 200', () => {
  test('adopted: the member goes on under the guest’s identity, and stays one active user', async () => {
    const guest = await newGuest();
    const before = await token(`Guest ${guest.credential}`);

    const response = await link('ada', guest);

    expect(response.status).toBe(200);
    expect(linkAnswerSchema.parse(response.body)).toEqual(response.body);
    expect(response.body).toEqual({ identity: before.body.identity, outcome: 'adopted', reason: null });
    const after = await token(loginOf('ada'));
    expect(after.body).toMatchObject({ identity: before.body.identity, firstThisMonth: false });
    expect(await people()).toBe(1);
  });

  test('adopted before the guest ever had a token: the member is counted once', async () => {
    const guest = await newGuest();
    const { identity } = (await link('ada', guest)).body;
    expect((await token(loginOf('ada'))).body).toMatchObject({ identity, firstThisMonth: true });
    expect(await people()).toBe(1);
  });

  test('already-linked: asking again changes nothing, also with another guest', async () => {
    const guest = await newGuest();
    const { identity } = (await link('ada', guest)).body;
    const again = { identity, outcome: 'already-linked', reason: null };
    expect((await link('ada', guest)).body).toEqual(again);
    const other = await newGuest();
    expect((await link('ada', other)).body).toEqual(again);
    expect((await token(`Guest ${other.credential}`)).status).toBe(200);
  });

  test('kept-separate: a member who was counted keeps their identity, and the pair is on record', async () => {
    const guest = await newGuest();
    const asGuest = await token(`Guest ${guest.credential}`);
    const asMember = await token(loginOf('ada'));

    const { body } = await link('ada', guest);

    const { identity } = asMember.body;
    expect(body).toEqual({ identity, outcome: 'kept-separate', reason: 'member-has-identity' });
    expect((await token(loginOf('ada'))).body.identity).toBe(identity);
    expect(await open.gateway.ledger.merges(DEFAULT_SERVICE)).toEqual([
      { guest: asGuest.body.identity, member: identity, at: NOW_MS },
    ]);
  });

  test('each service is for itself', async () => {
    const guest = await newGuest('shop');
    expect((await link('ada', guest, { service: 'shop' })).body.outcome).toBe('adopted');
    const { body } = await token(loginOf('ada'));
    expect((await link('ada', await newGuest())).body).toMatchObject({
      outcome: 'kept-separate',
      identity: body.identity,
    });
  });
});

describe('a shared browser hands nobody’s history to another', () => {
  test('a second member at it is kept separate, and gets an identity of their own', async () => {
    const guest = await newGuest();
    const adopted = (await link('ada', guest)).body.identity;

    const second = await link('grace', guest);

    expect(second.body).toMatchObject({ outcome: 'kept-separate', reason: 'guest-already-adopted' });
    expect(second.body.identity).not.toBe(adopted);
    expect((await token(loginOf('grace'))).body.identity).toBe(second.body.identity);
    expect((await token(loginOf('ada'))).body.identity).toBe(adopted);
  });

  test('the adopted guest’s credential is void: no token, in header or cookie', async () => {
    const guest = await newGuest();
    await token(`Guest ${guest.credential}`);
    await link('ada', guest);

    const response = await token(`Guest ${guest.credential}`);
    expect([response.status, response.body.code]).toEqual([401, 'unauthenticated']);
    const byCookie = open
      .post('/v1/tokens', { intent: 'open_chat' })
      .set('Cookie', `${COOKIE_NAME}=${guest.credential}`);
    expect((await byCookie).status).toBe(401);
  });

  test('of many members at once exactly one takes the guest over', async () => {
    const guest = await newGuest();
    const names = ['ada', 'grace', 'linus'];
    const answers = await Promise.all(names.map(async (name) => (await link(name, guest)).body));
    expect(answers.filter(({ outcome }) => outcome === 'adopted')).toHaveLength(1);
    expect(new Set(answers.map(({ identity }) => identity)).size).toBe(3);
  });
});

describe('the cookie', () => {
  const withCookie = (name: string, cookie: string, body: object = {}) =>
    open.post('/v1/links', body).set('Authorization', loginOf(name)).set('Cookie', cookie);

  test('is a proof, and is cleared by the adoption', async () => {
    const cookie = cookieOf(await open.post('/v1/guests')) as string;
    const response = await withCookie('ada', cookie);
    expect(response.body.outcome).toBe('adopted');
    expect(response.headers['set-cookie']).toEqual([
      `${COOKIE_NAME}=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax`,
    ]);
  });

  test('is cleared also when its guest was proved in the body', async () => {
    const guest = await newGuest();
    const cookie = `${COOKIE_NAME}=${guest.credential}`;
    expect(cookieOf(await withCookie('ada', cookie, { credential: guest.credential }))).toBe('');
  });

  test('stays when another guest was proved in the body', async () => {
    const cookie = cookieOf(await open.post('/v1/guests')) as string;
    const other = await newGuest();
    const response = await withCookie('ada', cookie, { credential: other.credential });
    expect(response.body.outcome).toBe('adopted');
    expect(cookieOf(response)).toBeNull();
  });

  test('keeps the guest of another service', async () => {
    const first = cookieOf(await open.post('/v1/guests')) as string;
    const both = cookieOf(await open.post('/v1/guests', { service: 'shop' }).set('Cookie', first)) as string;
    const left = cookieOf(await withCookie('ada', both));
    expect(left).toBe(`${COOKIE_NAME}=${both.slice(COOKIE_NAME.length + 1).split('~')[0]}`);
  });

  test('is cleared for a member who was counted, so that the next person is not taken for them', async () => {
    const cookie = cookieOf(await open.post('/v1/guests')) as string;
    await token(loginOf('ada'));
    const response = await withCookie('ada', cookie);
    expect(response.body.reason).toBe('member-has-identity');
    expect(cookieOf(response)).toBe('');
  });

  test('is cleared for a second member: its guest is another person now', async () => {
    const cookie = cookieOf(await open.post('/v1/guests')) as string;
    await withCookie('ada', cookie);
    const response = await withCookie('grace', cookie);
    expect(response.body.reason).toBe('guest-already-adopted');
    expect(cookieOf(response)).toBe('');
  });
});
