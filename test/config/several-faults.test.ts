import { expect, test } from '@jest/globals';
import { faultLines, MINIMAL } from './support.ts';

test('faults of flags, environment, secret files, config file and cross-checks are told at once', () => {
  const { AUTH_AUDIENCE: _audience, ...env } = MINIMAL;
  const yaml = [
    'classes:',
    '  - { name: member, prefix: M }',
    '  - { name: guest, prefix: g_ }',
    'services:',
    '  default:',
    '    budget: { mode: strict, classes: { vip: 3 } }',
    '  support:',
    '    accountSid: wrong',
    '    apiKey: { sid: SK, secretEnv: ABSENT_SECRET }',
    'intent: {}',
    'issuers:',
    '  - just a text',
    '  - { issuer: "http://plain.example", audience: [chat, 5], algorithms: [HS256] }',
  ].join('\n');
  const lines = faultLines({
    env: { ...env, TOKEN_TTL_SECONDS: '1', TWILIO_API_KEY_SECRET: undefined, COOKIE_SECRET_FILE: 'absent' },
    flags: { port: 'http' },
    yaml,
  });
  const file = 'config/mau-guard.yaml';
  expect(lines.map((line) => line.split(': expected')[0]).sort()).toEqual(
    [
      '--port',
      'TOKEN_TTL_SECONDS',
      'COOKIE_SECRET_FILE',
      'TWILIO_API_KEY_SECRET',
      'AUTH_AUDIENCE',
      `${file}:classes[0].prefix (line 2)`,
      `${file}:services.default.budget.mode (line 6)`,
      `${file}:services.default.budget.classes.vip (line 6)`,
      `${file}:services.support.accountSid (line 8)`,
      `${file}:services.support.serviceSid (line 7)`,
      `${file}:services.support.apiKey.sid (line 9)`,
      `${file}:services.support.apiKey.secretEnv (line 9)`,
      `${file}:intent (line 10)`,
      `${file}:issuers[0] (line 12)`,
      `${file}:issuers[1].issuer (line 13)`,
      `${file}:issuers[1].audience (line 13)`,
      `${file}:issuers[1].secretEnv (line 13)`,
    ].sort(),
  );
});

test('a file that cannot be read does not make everything in it missing', () => {
  const env = { NODE_ENV: 'production', LEDGER: 'embedded', IDENTITY_SECRET: 'x'.repeat(32) };
  expect(faultLines({ env, yaml: 'services: [' })).toHaveLength(1);
  expect(faultLines({ env: { ...env, MAU_CONFIG_FILE: 'absent.yaml' } })).toEqual([
    'MAU_CONFIG_FILE: expected a readable file; found absent.yaml, which is not there',
  ]);
});
