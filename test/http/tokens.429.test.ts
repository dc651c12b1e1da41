import { describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { refused } from '../../src/domain/refusal.ts';
import { buildApp, ISSUED } from './build-app.ts';
import { expectProblem } from './expect-problem.ts';

const BODY = { intent: 'open_chat' };
const UNAUTHENTICATED = refused('unauthenticated', { detail: 'No.', reason: 'bad-signature' });

describe('POST /v1/tokens, 429', () => {
  test('per person, as issueToken says', async () => {
    const { app, events } = await buildApp(
      refused('rate-limited', {
        detail: 'Too many token requests.',
        policy: 'token-requests',
        limit: 60,
        windowSeconds: 60,
        retryAfterSeconds: 12,
      }),
    );

    const response = await request(app).post('/v1/tokens').send(BODY);

    expectProblem(response, 'rate-limited', { detail: 'Too many token requests.' });
    expect(response.headers['retry-after']).toBe('12');
    expect(response.headers['ratelimit-policy']).toBe('"token-requests";q=60;w=60');
    expect(response.headers['ratelimit']).toBe('"token-requests";r=0;t=12');
    expect(response.headers).not.toHaveProperty('x-ratelimit-limit');
    expect(events).toEqual([]);
  });

  test('per address block after too many failed authentications, until the minute is over', async () => {
    const { app, clock } = await buildApp(UNAUTHENTICATED);
    const send = () => request(app).post('/v1/tokens').send(BODY);

    for (let attempt = 0; attempt < 3; attempt += 1) expect((await send()).status).toBe(401);
    clock.advance(20_500);
    const response = await send();

    expectProblem(response, 'rate-limited');
    expect(response.headers['retry-after']).toBe('40');
    expect(response.headers['ratelimit-policy']).toBe('"failed-authentications";q=3;w=60');
    expect(response.headers['ratelimit']).toBe('"failed-authentications";r=0;t=40');
    expect(response.headers).not.toHaveProperty('www-authenticate');

    clock.advance(40_000);
    expect((await send()).status).toBe(401);
  });

  test('people with a valid login are served from a block that is over its limit', async () => {
    let valid = false;
    const { app } = await buildApp(ISSUED, { limits: { failedAuthenticationsPerMinute: 0 } });
    const { app: failing } = await buildApp(UNAUTHENTICATED, {
      limits: { failedAuthenticationsPerMinute: 0 },
    });
    const send = () =>
      request(valid ? app : failing)
        .post('/v1/tokens')
        .send(BODY);

    expect((await send()).status).toBe(429);
    valid = true;
    expect((await send()).status).toBe(200);
  });

  test('another refusal takes no place', async () => {
    const { app } = await buildApp(refused('identity-blocked', { detail: 'Blocked.' }));
    for (let attempt = 0; attempt < 5; attempt += 1) {
      expect((await request(app).post('/v1/tokens').send(BODY)).status).toBe(403);
    }
  });

  test('behind a trusted proxy the blocks are those of the clients; one block shares its places', async () => {
    const { app } = await buildApp(UNAUTHENTICATED, { trustProxy: 'loopback' });
    const from = async (address: string) =>
      (await request(app).post('/v1/tokens').set('X-Forwarded-For', address).send(BODY)).status;

    expect([await from('203.0.113.1'), await from('203.0.113.2'), await from('203.0.113.250')]).toEqual([
      401, 401, 401,
    ]);
    expect(await from('203.0.113.77')).toBe(429);
    expect(await from('203.0.114.77')).toBe(401);
  });

  test('without a trusted proxy X-Forwarded-For is believed by nobody', async () => {
    const { app } = await buildApp(UNAUTHENTICATED);
    const statuses = [];
    for (let host = 1; host <= 4; host += 1) {
      const call = request(app).post('/v1/tokens').set('X-Forwarded-For', `198.51.${host}.1`);
      statuses.push((await call.send(BODY)).status);
    }
    expect(statuses).toEqual([401, 401, 401, 429]);
  });
});
