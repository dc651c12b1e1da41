import { describe, expect, test } from '@jest/globals';
import { ACCOUNT, faultLines, KEY, loaded, MINIMAL, SERVICE } from './support.ts';

const {
  TWILIO_ACCOUNT_SID,
  TWILIO_API_KEY_SID,
  TWILIO_API_KEY_SECRET,
  TWILIO_CONVERSATIONS_SERVICE_SID,
  ...REST
} = MINIMAL;
const OTHER = {
  account: `AC${'4'.repeat(32)}`,
  key: `SK${'5'.repeat(32)}`,
  service: `IS${'6'.repeat(32)}`,
};
const SUPPORT = `
  support:
    accountSid: ${OTHER.account}
    serviceSid: ${OTHER.service}
    apiKey: { sid: ${OTHER.key}, secretEnv: SUPPORT_SECRET }`;

const PLAIN_BUDGET = {
  reserve: {},
  priorities: { member: 0, guest: 0, agent: 0, test: 0 },
  thresholds: [50, 80, 90, 100],
  spikeGuard: null,
};

describe('aliases', () => {
  const env = {
    ...REST,
    TWILIO_ACCOUNT_SID,
    TWILIO_API_KEY: TWILIO_API_KEY_SID,
    TWILIO_API_SECRET: TWILIO_API_KEY_SECRET,
    TWILIO_CHAT_SERVICE_SID: TWILIO_CONVERSATIONS_SERVICE_SID,
  };

  test('are accepted and named', () => {
    const { settings, sources } = loaded({ env });
    expect(settings.services[0]).toMatchObject({ serviceSid: SERVICE, apiKey: { sid: KEY } });
    expect(settings.notices).toEqual([
      expect.stringContaining('TWILIO_API_KEY is read as TWILIO_API_KEY_SID'),
      expect.stringContaining('TWILIO_API_SECRET is read as TWILIO_API_KEY_SECRET'),
      expect.stringContaining('TWILIO_CHAT_SERVICE_SID is read as TWILIO_CONVERSATIONS_SERVICE_SID'),
    ]);
    expect(sources['services.default.serviceSid']?.source).toBe('environment TWILIO_CHAT_SERVICE_SID');
  });

  test('may say the same as the canonical name', () => {
    expect(faultLines({ env: { ...env, TWILIO_API_KEY_SID } })).toEqual([]);
  });

  test('are named in their own faults', () => {
    expect(faultLines({ env: { ...env, TWILIO_API_KEY: 'SK' } })[0]).toMatch(/^TWILIO_API_KEY: /);
  });
});

describe('services of the file', () => {
  test('have credentials of their own, beside the default from the environment', () => {
    const { settings, sources } = loaded({
      env: { ...MINIMAL, SUPPORT_SECRET: 'support-secret' },
      yaml: `services:${SUPPORT}\n    region: ie1\n    edge: dublin\n    roleSids: { agent: RL${'7'.repeat(32)} }`,
    });
    expect(settings.services.map(({ name }) => name)).toEqual(['default', 'support']);
    expect(settings.services[1]).toMatchObject({
      accountSid: OTHER.account,
      apiKey: { sid: OTHER.key, secret: 'support-secret' },
      region: 'ie1',
      edge: 'dublin',
      roleSids: { agent: `RL${'7'.repeat(32)}` },
    });
    expect(sources['services.support.apiKey.secret']).toEqual({
      value: '•••• (14 bytes)',
      source: 'environment SUPPORT_SECRET',
    });
  });

  test('may do without a default', () => {
    const env = { ...REST, SUPPORT_SECRET_FILE: 'secret' };
    const { settings } = loaded({ env, yaml: `services:${SUPPORT}`, files: { secret: 'x\n' } });
    expect(settings.services.map(({ name }) => name)).toEqual(['support']);
  });

  test('do not make a default by naming a TWILIO_ variable', () => {
    const yaml = `services:${SUPPORT.replace('SUPPORT_SECRET', 'TWILIO_API_KEY_SECRET')}`;
    const { settings } = loaded({ env: { ...REST, TWILIO_API_KEY_SECRET }, yaml });
    expect(settings.services.map(({ name }) => name)).toEqual(['support']);
  });

  test('without a default leave it the variables that serve every service', () => {
    const env = {
      ...REST,
      SUPPORT_SECRET: 'support-secret',
      TWILIO_AUTH_TOKEN: 'token-of-the-account',
      TWILIO_REST_URL: 'https://twilio.example.com',
    };
    expect(faultLines({ env, yaml: `services:${SUPPORT}` })).toEqual([]);
  });

  test('without a default are named where one of several may be meant', () => {
    const sales = SUPPORT.replace('support', 'sales').replace(OTHER.service, SERVICE);
    const env = { ...REST, SUPPORT_SECRET: 'support-secret', MAU_BUDGET_IDENTITIES: '2' };
    expect(faultLines({ env, yaml: `services:${SUPPORT}${sales}` })).toEqual([
      expect.stringContaining('found only support, sales (write services.<name>.budget.identities'),
    ]);
  });

  test('the environment goes before the file for the default service, field by field', () => {
    const yaml = `services:${SUPPORT.replace('support', 'default')}\n    budget: { identities: 10, mode: block, classes: { guest: 3 }, tenants: { a.b: 4 } }`;
    const env = { ...REST, SUPPORT_SECRET: 'from-file', TWILIO_ACCOUNT_SID, MAU_BUDGET_IDENTITIES: '20' };
    const { settings } = loaded({ env, yaml });
    expect(settings.services).toEqual([
      expect.objectContaining({
        accountSid: ACCOUNT,
        serviceSid: OTHER.service,
        apiKey: { sid: OTHER.key, secret: 'from-file' },
        budget: {
          ...PLAIN_BUDGET,
          mode: 'block',
          scopes: { all: 20, 'class:guest': 3, 'tenant:a.b': 4 },
        },
      }),
    ]);
  });

  test('one role may be for every class', () => {
    const yaml = `services:\n  default: { roleSid: RL${'7'.repeat(32)}, roleSids: { test: RL${'8'.repeat(32)} } }`;
    expect(loaded({ env: MINIMAL, yaml }).settings.services[0]?.roleSids).toEqual({
      member: `RL${'7'.repeat(32)}`,
      guest: `RL${'7'.repeat(32)}`,
      agent: `RL${'7'.repeat(32)}`,
      test: `RL${'8'.repeat(32)}`,
    });
  });
});

describe('budget', () => {
  test.each([
    [{ MAU_BUDGET_IDENTITIES: '0' }, { mode: 'warn', scopes: { all: 0 } }],
    [
      { MAU_BUDGET_IDENTITIES: '500', MAU_BUDGET_MODE: 'block' },
      { mode: 'block', scopes: { all: 500 } },
    ],
    [{ MAU_BUDGET_MODE: 'warn' }, null],
  ])('%j', (env, budget) => {
    const expected = budget && { ...PLAIN_BUDGET, ...budget };
    expect(loaded({ env: { ...MINIMAL, ...env } }).settings.services[0]?.budget).toEqual(expected);
  });

  test('that blocks nothing is pointed out', () => {
    const { settings } = loaded({ env: { ...MINIMAL, MAU_BUDGET_MODE: 'block' } });
    expect(settings.notices).toEqual([expect.stringContaining('nothing is blocked')]);
  });
});

test('the previous key is kept while keys rotate', () => {
  const env = {
    ...MINIMAL,
    TWILIO_PREVIOUS_API_KEY_SID: OTHER.key,
    TWILIO_PREVIOUS_API_KEY_SECRET: 'before',
    TWILIO_REGION: 'ie1',
    TWILIO_PUSH_CREDENTIAL_SID: `CR${'9'.repeat(32)}`,
  };
  expect(loaded({ env }).settings.services[0]).toMatchObject({
    previousApiKey: { sid: OTHER.key, secret: 'before' },
    region: 'ie1',
    pushCredentialSid: `CR${'9'.repeat(32)}`,
  });
});

test('a secret of the form of an Auth Token is pointed out, not refused', () => {
  const { settings } = loaded({ env: { ...MINIMAL, TWILIO_API_KEY_SECRET: 'a'.repeat(32) } });
  expect(settings.notices).toEqual([expect.stringContaining('looks like an Auth Token')]);
});
