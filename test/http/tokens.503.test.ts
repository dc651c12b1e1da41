import { describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { GatewayError } from '../../src/domain/gateway-error.ts';
import { type LedgerTrouble, LedgerUnavailable } from '../../src/domain/ledger-unavailable.ts';
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

  test.each<[LedgerTrouble, RegExp]>([
    ['late', /did not answer in time/],
    ['unreachable', /cannot be reached/],
    ['refuses', /takes nothing at present/],
    ['few-replicas', /too few replicas/i],
    ['newcomers-wait', /may have lost data.*nobody new/is],
    ['changes-wait', /changes wait/i],
  ])('%s is told as what it is', async (trouble, words) => {
    const { app } = await buildApp(new LedgerUnavailable(trouble, 'redis-7 is away'));
    const response = await request(app).post('/v1/tokens').send(BODY);
    expectProblem(response, 'ledger-unavailable');
    expect(response.body.detail).toMatch(words);
    if (trouble !== 'late') expect(response.body.detail).not.toMatch(/in time/);
    expect(response.text).not.toMatch(/redis/i);
  });

  test('an outage and an exhausted budget share neither code nor status', async () => {
    const { app } = await buildApp(new GatewayError('ledger-unavailable', 'away'));
    const response = await request(app).post('/v1/tokens').send(BODY);
    expect(response.body).toMatchObject({ status: 503, code: 'ledger-unavailable', retryable: true });
    expect(response.body).not.toHaveProperty('resetsAt');
  });
});
