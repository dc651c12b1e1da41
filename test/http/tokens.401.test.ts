import { describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { refused } from '../../src/domain/refusal.ts';
import { buildApp } from './build-app.ts';
import { expectProblem } from './expect-problem.ts';

const BODY = { intent: 'open_chat' };

describe('POST /v1/tokens, 401', () => {
  test('without a credential: a challenge without an error', async () => {
    const { app } = await buildApp(
      refused('unauthenticated', { detail: 'Sign in first.', reason: 'missing' }),
    );

    const response = await request(app).post('/v1/tokens').send(BODY);

    expectProblem(response, 'unauthenticated', { detail: 'Sign in first.' });
    expect(response.headers['www-authenticate']).toBe('Bearer realm="mau-guard"');
  });

  test('with a bearer token that failed: a challenge that says so', async () => {
    const { app } = await buildApp(
      refused('unauthenticated', { detail: 'The login has expired.', reason: 'expired' }),
    );

    const response = await request(app).post('/v1/tokens').set('Authorization', 'bearer abc.def').send(BODY);

    expectProblem(response, 'unauthenticated');
    expect(response.headers['www-authenticate']).toBe('Bearer realm="mau-guard", error="invalid_token"');
  });

  test.each(['Guest abc', 'Basic abc', 'Bearer'])('%s is no bearer token', async (authorization) => {
    const { app } = await buildApp(refused('unauthenticated', { detail: 'No.', reason: 'malformed' }));

    const response = await request(app).post('/v1/tokens').set('Authorization', authorization).send(BODY);

    expect(response.headers['www-authenticate']).toBe('Bearer realm="mau-guard"');
  });

  test('never says which check failed, and repeats nothing of the credential', async () => {
    const { app, events } = await buildApp(
      refused('unauthenticated', { detail: 'No.', reason: 'unknown-issuer' }),
    );

    const response = await request(app).post('/v1/tokens').set('Authorization', 'Bearer s3cret').send(BODY);

    expect(response.text).not.toMatch(/unknown-issuer|s3cret/);
    expect(response.headers).not.toHaveProperty('set-cookie');
    expect(events).toEqual([]);
  });
});
