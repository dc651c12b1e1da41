import { expect, test } from '@jest/globals';
import { secretsOf } from './planted-secrets.ts';

const secretsIn = (env: Record<string, string>) => secretsOf(env).map(([, secret]) => secret);

test('secrets are what the gateway takes for such, and what a config file or a test names so', () => {
  const env = {
    TWILIO_API_KEY_SECRET: 'signing-secret-of-a-test',
    LEGACY_JWT_SECRET: 'secret+of/the legacy issuer',
    WATCHERS_PASSWORD: 'password-of-the-sentinels',
    ADMIN_KEY: 'admin-key',
    TWILIO_API_KEY_SID: `SK${'1'.repeat(32)}`,
    AUTH_AUDIENCE: 'signing-nothing-at-all',
  };
  expect(secretsOf(env)).toEqual(Object.entries(env).slice(0, 4));
});

test.each<[string, Record<string, string>, string[]]>([
  ['the password of a URL', { REDIS_URL: 'redis://user:pass%2Fword-of@127.0.0.1:1' }, ['pass/word-of']],
  [
    'the body of a key',
    {
      MANIFEST_SIGNING_KEY:
        '-----BEGIN PRIVATE KEY-----\\nMC4CAQAwBQYDK2VwBCIEIA\\n-----END PRIVATE KEY-----\\n',
    },
    ['MC4CAQAwBQYDK2VwBCIEIA'],
  ],
  ['what stands behind a prefix', { PAGER_SECRET: 'whsec_BwcHBwcHCAcHBw' }, ['BwcHBwcHCAcHBw']],
])('of a value, %s', (_, env, secrets) => {
  expect(secretsIn(env)).toEqual(secrets);
});

test.each<[string, Record<string, string>]>([
  ['a hash', { OPS_API_KEYS: `ops:admin:${'0123456789abcdef'.repeat(4)}` }],
  ['a short word', { TWILIO_AUTH_TOKEN: 'short' }],
  ['one sign again and again', { COOKIE_SECRET: 'x'.repeat(32) }],
  ['whom a key belongs to', { TWILIO_API_KEY: `SK${'12'.repeat(16)}` }],
  ['a URL without password', { REDIS_URL: 'redis://127.0.0.1:6379' }],
])('%s is none', (_, env) => {
  expect(secretsIn(env)).toEqual([]);
});
