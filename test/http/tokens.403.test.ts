import { describe, expect, test } from '@jest/globals';
import request from 'supertest';
import type { Month } from '../../src/domain/month.ts';
import { type Refusal, refused } from '../../src/domain/refusal.ts';
import { buildApp } from './build-app.ts';
import { expectProblem } from './expect-problem.ts';

const detail = 'Not now.';

const CASES: [Refusal, Record<string, unknown>][] = [
  [refused('forbidden', { detail }), {}],
  [refused('guests-not-allowed', { detail }), {}],
  [refused('identity-blocked', { detail }), {}],
  [
    refused('lazy-connect-required', { detail, intent: 'page_load', allowedIntents: ['open_chat'] }),
    { intent: 'page_load', allowedIntents: ['open_chat'] },
  ],
  [
    refused('lazy-connect-required', {
      detail,
      intent: 'open_chat',
      allowedIntents: ['open_chat'],
      when: 'visible',
    }),
    { intent: 'open_chat', allowedIntents: ['open_chat'], when: 'visible' },
  ],
  [refused('no-reason-to-connect', { detail, rule: 'needs-unread' }), { rule: 'needs-unread' }],
  [
    refused('new-identities-frozen', { detail, since: '2026-11-19T08:00:00Z' }),
    { since: '2026-11-19T08:00:00Z' },
  ],
  [
    refused('mau-budget-exhausted', {
      detail,
      budget: 'class:guest',
      limit: 500,
      used: 501,
      reserved: 20,
      month: '2026-11' as Month,
      resetsAt: '2026-12-01T00:00:00Z',
    }),
    { budget: 'class:guest', limit: 500, used: 501, reserved: 20, resetsAt: '2026-12-01T00:00:00Z' },
  ],
];

describe('POST /v1/tokens, 403', () => {
  test.each(CASES.map(([refusal, members]) => [refusal.code, refusal, members] as const))(
    '%s carries its own members and no others',
    async (code, refusal, members) => {
      const { app, events, metrics } = await buildApp(refusal);

      const response = await request(app).post('/v1/tokens').send({ intent: 'page_load' });

      expectProblem(response, code, { detail, ...members });
      expect(events).toEqual([]);
      expect((await metrics.expose()).text).not.toMatch(/^mauguard_denied_total\{.*\} [1-9]/m);
    },
  );

  test('an exhausted budget is nothing that generic clients retry', async () => {
    const [refusal] = CASES.at(-1) ?? [];
    const { app } = await buildApp(refusal as Refusal);

    const response = await request(app).post('/v1/tokens').send({ intent: 'open_chat' });

    expect(response.body.retryable).toBe(false);
    for (const absent of ['retry-after', 'ratelimit', 'ratelimit-policy', 'www-authenticate']) {
      expect(response.headers).not.toHaveProperty(absent);
    }
  });

  test('a fallback is passed on when the refusal has one', async () => {
    const [refusal] = CASES.at(-1) ?? [];
    const withFallback = Object.assign({ fallback: 'https://example.com/contact' }, refusal);
    const { app } = await buildApp(withFallback);

    const response = await request(app).post('/v1/tokens').send({ intent: 'open_chat' });

    expect(response.body.fallback).toBe('https://example.com/contact');
  });
});
