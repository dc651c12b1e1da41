import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { unreadAnswerSchema } from '../../src/contract/unread.ts';
import type { Identity } from '../../src/domain/identity.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { COOKIE_NAME, cookieOf, loginOf, ORIGIN } from './guest-gateway.ts';
import { OTHER_ROOM, openUnreadGateway, PATH, ROOM, SHOP, type UnreadGateway } from './unread-kit.ts';

let open: UnreadGateway;
let ada: Identity;

beforeEach(async () => {
  open = await openUnreadGateway();
  ada = await open.identityOf('ada');
});
afterEach(() => open.gateway.server.drain());

describe('GET /v1/me/unread', () => {
  test('tells what waits, and counts nobody', async () => {
    await open.waits(ada, OTHER_ROOM, 1, 3);
    await open.waits(ada, ROOM, 4, 7);
    const response = await open.unread().expect(200);
    expect(response.body).toEqual({
      unread: 3,
      conversations: [
        { sid: ROOM, unread: 2 },
        { sid: OTHER_ROOM, unread: 1 },
      ],
      asOf: '2026-11-20T21:00:00.123Z',
    });
    expect(unreadAnswerSchema.safeParse(response.body).success).toBe(true);
    for (let times = 0; times < 5; times += 1) await open.unread();
    expect(await open.counted()).toEqual({ all: 0, minted: 0, reused: 0, refused: {} });
  });

  test('tells of nobody but the one who asks', async () => {
    await open.waits(ada, ROOM, 4, 7);
    expect((await open.unread({ Authorization: loginOf('grace') })).body).toMatchObject({
      unread: 0,
      conversations: [],
    });
  });

  test('tells of the service that is asked for', async () => {
    await open.waits(ada, ROOM, 4, 7, SHOP);
    expect((await open.unread()).body.unread).toBe(0);
    const authorization = { Authorization: loginOf('ada') };
    expect((await open.unread(authorization, `${PATH}?service=shop`)).body.unread).toBe(2);
  });

  test('has a tag over SIDs and counts alone, and 304 for whoever has it', async () => {
    await open.waits(ada, ROOM, 4, 7);
    const { headers } = await open.unread();
    expect(headers['etag']).toMatch(/^W\/"[\w-]{22}"$/);
    expect(headers['cache-control']).toBe('private, no-cache');
    expect(headers['vary']).toMatch(/Authorization/);
    expect(headers['vary']).toMatch(/Origin/);

    open.clock.advance(60_000);
    const tagged = { Authorization: loginOf('ada'), 'If-None-Match': headers['etag'] as string };
    const same = await open.unread(tagged).expect(304);
    expect([same.text, same.headers['etag']]).toEqual(['', headers['etag']]);

    // As a script's own fetch sends it.
    await open.unread({ ...tagged, 'Cache-Control': 'no-cache', Pragma: 'no-cache' }).expect(304);

    await open.waits(ada, ROOM, 4, 8);
    const other = await open.unread(tagged).expect(200);
    expect(other.body.unread).toBe(3);
    expect(other.headers['etag']).not.toBe(headers['etag']);
    // Somebody else with the same tag gets their own answer.
    await open.unread({ ...tagged, Authorization: loginOf('grace') }).expect(200);
  });

  test('may be asked for by a page that is configured, and by any with a header credential', async () => {
    await open.waits(ada, ROOM, 4, 7);
    const authorization = loginOf('ada');
    const foreign = await open.unread({ Authorization: authorization, Origin: 'https://other.example' });
    expect(foreign.status).toBe(200);
    expect(foreign.headers).not.toHaveProperty('access-control-allow-origin');
  });

  test('takes the guest of this browser, whose page names no origin when it reads', async () => {
    const cookie = cookieOf(await open.post('/v1/guests')) as string;
    const { identity } = (await open.post('/v1/tokens', { intent: 'open_chat' }).set('Cookie', cookie)).body;
    const before = await open.counted();
    await open.waits(identity, ROOM, 4, 7);
    expect((await open.unread({ Cookie: cookie })).body.unread).toBe(2);
    expect((await open.unread({ Cookie: cookie, Origin: ORIGIN })).body.unread).toBe(2);
    expect((await open.unread({ Cookie: cookie, Origin: 'https://evil.example' })).status).toBe(403);
    expect(await open.counted()).toEqual(before);
  });

  test('follows a member to what they are served as, and keeps the old guest out', async () => {
    const credential = (await open.post('/v1/guests', { want: 'credential' })).body.credential as string;
    const guest = (
      await open.post('/v1/tokens', { intent: 'open_chat' }).set('Authorization', `Guest ${credential}`)
    ).body.identity as Identity;
    await open.waits(guest, ROOM, 4, 7);
    expect((await open.unread({ Authorization: `Guest ${credential}` })).body.unread).toBe(2);
    const grace = { Authorization: loginOf('grace') };
    expect((await open.post('/v1/links', { credential }).set(grace)).body.outcome).toBe('adopted');
    expect((await open.unread(grace)).body.unread).toBe(2);
    expect((await open.unread({ Authorization: `Guest ${credential}` })).status).toBe(401);
    expect((await open.unread({ Cookie: `${COOKIE_NAME}=${credential}` })).status).toBe(401);
  });

  test('says when some may be missing', async () => {
    for (let n = 0; n < 260; n += 1) {
      await open.waits(ada, `CH${n.toString(16).padStart(32, '0')}`, 0, 2);
    }
    const { body } = await open.unread();
    expect(body.uncertain).toBe(true);
    expect(body.unread).toBe(body.conversations.length);
  });

  test('names nobody in the log', async () => {
    await open.waits(ada, ROOM, 4, 7);
    open.events.length = 0;
    await open.unread(undefined, `${PATH}?service=default`);
    expect(open.events).toEqual([
      expect.objectContaining({ event: 'http.request', route: PATH, status: 200 }),
    ]);
    expect(JSON.stringify(open.events)).not.toMatch(new RegExp(`${ada}|${ROOM}|service=`));
    expect((await open.gateway.ledger.unread(DEFAULT_SERVICE, ada)).known).toBe(true);
  });
});
