import { describe, expect, test } from '@jest/globals';
import { faultLines, MINIMAL } from './support.ts';

describe('misspelt variables', () => {
  test.each([
    ['TWILIO_ACOUNT_SID', 'TWILIO_ACCOUNT_SID'],
    ['TWILIO_API_KEY_ID', 'TWILIO_API_KEY_SID'],
    ['TWILIO_CONVERSATION_SERVICE_SID', 'TWILIO_CONVERSATIONS_SERVICE_SID'],
    ['REDIS_URI', 'REDIS_URL'],
    ['AUTH_AUDIANCE', 'AUTH_AUDIENCE'],
    ['AUTH_JWK_URL', 'AUTH_JWKS_URL'],
    ['OPS_API_KEY', 'OPS_API_KEYS'],
    ['LEDGER_PTH', 'LEDGER_PATH'],
    ['TOKEN_TTL_SECOND', 'TOKEN_TTL_SECONDS'],
    ['MAU_BUDGET_MODES', 'MAU_BUDGET_MODE'],
    ['MAU_CONFIG_FIL', 'MAU_CONFIG_FILE'],
    ['IDENTITY_SECRETS', 'IDENTITY_SECRET'],
    ['IDENTITY_SECRET_FILES', 'IDENTITY_SECRET_FILE'],
    ['TWLIO_ACCOUNT_SID', 'TWILIO_ACCOUNT_SID'],
    ['COOKIE_SECRET_PREVIOUS', 'COOKIE_PREVIOUS_SECRET'],
    ['COOKIE_SECRET_PREVIOUS_FILE', 'COOKIE_PREVIOUS_SECRET_FILE'],
    ['TWILIO_AUTH_TOKEN_PREVIOUS', 'TWILIO_PREVIOUS_AUTH_TOKEN'],
  ])('%s', (name, meant) => {
    expect(faultLines({ env: { ...MINIMAL, [name]: 'x' } })).toEqual([
      `${name}: expected a known variable; found an unknown one (did you mean ${meant}?)`,
    ]);
  });
});

test.each(['MAU_BUDGET', 'MAU_CONFIG', 'MAU_LIMIT'])('%s can only be ours', (name) => {
  expect(faultLines({ env: { ...MINIMAL, [name]: '5' } })).toEqual([
    `${name}: expected a known variable; found an unknown one (there is none like it: take it away)`,
  ]);
});

test("other software's variables are none of our business", () => {
  const others = [
    'TWILIO_PHONE_NUMBER',
    'TWILIO_SYNC_SERVICE_SID',
    'TWILIO_VERIFY_SERVICE_SID',
    'TWILIO_MESSAGING_SERVICE_SID',
    'TWILIO_PROFILE',
    'TWILIO_LOG_LEVEL',
    'TWILIO_API_KEY_SECRET_2',
    'REDIS_HOST',
    'REDIS_PORT',
    'REDIS_DB',
    'REDIS_TLS_URL',
    'REDIS_SERVICE_HOST',
    'AUTH_SECRET',
    'AUTH_URL',
    'AUTH_TRUST_HOST',
    'LEDGER_PORT',
    'MAU_GUARD_PORT',
    'MAU_GUARD_SERVICE_HOST',
    'MAU_SERVICE_PORT_HTTP',
    'MAU_REDIS_PORT',
    'MAU_REDIS_PORT_6379_TCP_ADDR',
    'MAU_OPS_KEY',
    'MAU_OPS_KEY_FILE',
    'OPS_TEAM',
    'TOKEN',
    'TOKEN_SECRET',
    'PATH',
    'HOSTNAME',
    'HOME',
    'POST',
    'npm_config_user_agent',
    'NODE_ENV',
  ];
  const env = { ...MINIMAL, ...Object.fromEntries(others.map((name) => [name, 'x'])) };
  expect(faultLines({ env })).toEqual([]);
});

test('a name that the config file refers to is no misspelling', () => {
  const yaml = `
services:
  support:
    accountSid: AC${'4'.repeat(32)}
    serviceSid: IS${'6'.repeat(32)}
    apiKey: { sid: SK${'5'.repeat(32)}, secretEnv: TWILIO_API_KEY_SECRETS }`;
  expect(faultLines({ env: { ...MINIMAL, TWILIO_API_KEY_SECRETS: 'x' }, yaml })).toEqual([]);
});
