import { describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { GatewayError } from '../../src/domain/gateway-error.ts';
import { buildApp, ISSUED } from './build-app.ts';
import { expectProblem } from './expect-problem.ts';

const BODY = { intent: 'open_chat' };

describe('POST /v1/tokens, 500', () => {
  test.each([
    ['an untyped error', new TypeError('s3cret: cannot read token of undefined')],
    ['a typed one', new GatewayError('internal', 's3cret: the ordinal went backwards')],
  ])('%s is plain outside', async (_name, error) => {
    const { app, events } = await buildApp(error);

    const response = await request(app).post('/v1/tokens').set('Authorization', 'Bearer abc').send(BODY);

    expectProblem(response, 'internal');
    expect(response.text).not.toMatch(/s3cret|TypeError|at |\.ts/);
    expect(response.headers).not.toHaveProperty('retry-after');
    // issueToken logs what it throws.
    expect(events).toEqual([]);
  });

  test('an answer that cannot be written is a 500 with its own line, not a crash', async () => {
    const { app, events } = await buildApp({ ...ISSUED, expiresAt: Number.NaN });

    const response = await request(app).post('/v1/tokens').send(BODY);

    expectProblem(response, 'internal');
    expect(response.text).not.toContain(ISSUED.token);
    expect(events).toEqual([
      {
        level: 'error',
        time: expect.any(String),
        event: 'http.request',
        method: 'POST',
        route: '/v1/tokens',
        status: 500,
        durationMs: expect.any(Number),
        requestId: response.body.requestId,
        code: 'internal',
        msg: expect.any(String),
        err: expect.objectContaining({ type: 'RangeError', stack: expect.any(String) }),
      },
    ]);
  });
});
