import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { createAuthenticator } from '../../src/auth/create-authenticator.ts';
import { createRateLimiter } from '../../src/http/limits.ts';
import { settableClock } from '../support/clock.ts';
import { authenticatorOptions, NO_CREDENTIALS, NOW_MS, refusedFor } from './token-kit.ts';

test('a backend that runs wild is limited by its key, whoever it speaks for', async () => {
  const clock = settableClock(NOW_MS);
  const backend = (name: string) => ({
    name,
    keySha256: createHash('sha256').update(`${name}-key`).digest('hex'),
    issuer: 'https://login.example',
    classes: [],
  });
  const authenticator = createAuthenticator(
    authenticatorOptions({
      backends: [backend('crm'), backend('shop')],
      backendRequests: createRateLimiter({ perMinute: 2, clock }),
    }),
  );
  const ask = (apiKey: string, subject: string) =>
    authenticator.authenticate({ ...NO_CREDENTIALS, apiKey, subject }, clock.now());

  expect(await ask('crm-key', 'ada')).toMatchObject({ subject: 'ada' });
  expect(await ask('crm-key', 'grace')).toMatchObject({ subject: 'grace' });
  expect(await ask('crm-key', 'linus')).toEqual({
    outcome: 'refused',
    code: 'rate-limited',
    detail: expect.any(String),
    policy: 'backend-requests',
    limit: 2,
    windowSeconds: 60,
    retryAfterSeconds: 60,
  });
  expect(await ask('shop-key', 'ada')).toMatchObject({ subject: 'ada' });
  expect(await ask('wrong-key', 'ada')).toEqual(refusedFor('unknown-backend'));
  clock.advance(60_000);
  expect(await ask('crm-key', 'ada')).toMatchObject({ subject: 'ada' });
});
