import { describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { GatewayError } from '../../src/domain/gateway-error.ts';
import { buildApp } from './build-app.ts';
import { expectProblem } from './expect-problem.ts';

const BODY = { intent: 'open_chat' };

describe('POST /v1/tokens, 503', () => {
  test.each(['ledger-unavailable', 'identity-provider-unavailable', 'twilio-unavailable'] as const)(
    '%s says when to come back, and not why',
    async (code) => {
      const cause = new Error('connect ECONNREFUSED 10.0.0.7:6379');
      const { app, events } = await buildApp(
        new GatewayError(code, 'redis-7 is away', { cause, retryAfterSeconds: 3 }),
      );

      const response = await request(app).post('/v1/tokens').send(BODY);

      expectProblem(response, code);
      expect(response.headers['retry-after']).toBe('3');
      expect(response.headers).not.toHaveProperty('ratelimit');
      expect(response.text).not.toMatch(/redis|10\.0\.0\.7/i);
      // issueToken logs what it throws.
      expect(events).toEqual([]);
    },
  );

  test('an outage and an exhausted budget share neither code nor status', async () => {
    const { app } = await buildApp(new GatewayError('ledger-unavailable', 'away'));
    const response = await request(app).post('/v1/tokens').send(BODY);
    expect(response.body).toMatchObject({ status: 503, code: 'ledger-unavailable', retryable: true });
    expect(response.body).not.toHaveProperty('resetsAt');
  });
});
