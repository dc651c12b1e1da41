import { expect, test } from '@jest/globals';
import { refuseSecrets, secretsOf } from './planted-secrets.ts';

const ENV = {
  TWILIO_API_KEY_SECRET: 'signing-secret-of-a-test',
  LEGACY_JWT_SECRET: 'secret+of/the legacy issuer',
  REDIS_URL: 'redis://user:redis-password-of-a-test@127.0.0.1:1',
  MANIFEST_SIGNING_KEY: '-----BEGIN PRIVATE KEY-----\\nMC4CAQAwBQYDK2VwBCIEIA\\n-----END PRIVATE KEY-----\\n',
  TWILIO_ACCOUNT_SID: `AC${'1'.repeat(32)}`,
  OPS_API_KEYS: `ops:admin:${'0'.repeat(64)}`,
  TWILIO_AUTH_TOKEN: 'short',
};

test('secrets are what the gateway takes for such, and what a config file names', () => {
  expect(secretsOf(ENV).map(([name]) => name)).toEqual([
    ...['TWILIO_API_KEY_SECRET', 'LEGACY_JWT_SECRET', 'REDIS_URL', 'MANIFEST_SIGNING_KEY'],
  ]);
});

test.each([
  ['as it is', 'signing-secret-of-a-test', 'TWILIO_API_KEY_SECRET'],
  ['in hex', Buffer.from('signing-secret-of-a-test').toString('hex'), 'TWILIO_API_KEY_SECRET'],
  ['in base64', Buffer.from('signing-secret-of-a-test').toString('base64'), 'TWILIO_API_KEY_SECRET'],
  ['for a URL', encodeURIComponent('secret+of/the legacy issuer'), 'LEGACY_JWT_SECRET'],
  ['out of a URL', 'redis-password-of-a-test', 'REDIS_URL'],
  ['the body of a key', 'MC4CAQAwBQYDK2VwBCIEIA', 'MANIFEST_SIGNING_KEY'],
])('one that was said is found %s, and not repeated', (_, form, name) => {
  const say = () => refuseSecrets(`{"msg":"x${form}y"}`, ENV);
  expect(say).toThrow(name);
  expect(say).not.toThrow(form);
});

test('what is no secret may be said', () => {
  expect(() =>
    refuseSecrets(`${ENV.TWILIO_ACCOUNT_SID} ${ENV.OPS_API_KEYS} redis://127.0.0.1:1`, ENV),
  ).not.toThrow();
});
