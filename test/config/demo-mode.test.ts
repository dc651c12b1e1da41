import { describe, expect, test } from '@jest/globals';
import { type Env, faultLines, load, loaded, MINIMAL } from './support.ts';

const ZEROS = '0'.repeat(32);

describe('demo mode', () => {
  test.each<[string, Env]>([
    ['an empty environment', {}],
    ['empty variables', { TWILIO_ACCOUNT_SID: '', AUTH_ISSUER: '' }],
    ['a loopback host', { HOST: '127.0.0.1' }],
    ['localhost', { HOST: 'localhost' }],
    ['other variables', { PORT: '0', MAU_BUDGET_IDENTITIES: '5', NODE_ENV: 'development' }],
  ])('starts with %s', (_, env) => {
    expect(loaded({ env }).settings.demo).toBe(true);
  });

  test('has plainly fake values, a ledger of its own and no logins', () => {
    const { settings, sources } = loaded({ env: { MAU_BUDGET_IDENTITIES: '5' } });
    expect(settings).toMatchObject({
      ledger: { kind: 'embedded', path: 'data/demo.db' },
      identity: { secret: 'demo identity secret beside data/demo.db' },
      issuers: [],
      backends: [],
      session: null,
    });
    expect(settings.services).toEqual([
      expect.objectContaining({
        name: 'default',
        accountSid: `AC${ZEROS}`,
        serviceSid: `IS${ZEROS}`,
        apiKey: { sid: `SK${ZEROS}`, secret: Buffer.alloc(32, 7).toString('base64url') },
        budget: expect.objectContaining({ mode: 'warn', scopes: { all: 5 } }),
      }),
    ]);
    expect(sources['services.default.accountSid']).toEqual({ value: `AC${ZEROS}`, source: 'demo' });
  });

  test('takes the identity secret and ledger path that are given', () => {
    const IDENTITY_SECRET = 's'.repeat(32);
    const { settings } = loaded({ env: { IDENTITY_SECRET, LEDGER_PATH: '/tmp/x.db' } });
    expect(settings.identity.secret).toBe(IDENTITY_SECRET);
    expect(settings.ledger).toEqual({ kind: 'embedded', path: '/tmp/x.db' });
  });

  test('says that it does not use Redis', () => {
    const { settings } = loaded({ env: { REDIS_URL: 'redis://127.0.0.1:6379' } });
    expect(settings.ledger.kind).toBe('embedded');
    expect(settings.notices).toEqual([expect.stringContaining('REDIS_URL')]);
  });

  const ALL = [
    'TWILIO_ACCOUNT_SID',
    'TWILIO_API_KEY_SID',
    'TWILIO_API_KEY_SECRET',
    'TWILIO_CONVERSATIONS_SERVICE_SID',
    'IDENTITY_SECRET',
    'AUTH_ISSUER',
    'AUTH_AUDIENCE',
  ];

  test.each<[string, Env, string[]]>([
    ['one signing variable', { TWILIO_ACCOUNT_SID: MINIMAL['TWILIO_ACCOUNT_SID'] }, ['TWILIO_ACCOUNT_SID']],
    ['an alias', { TWILIO_API_KEY: MINIMAL['TWILIO_API_KEY_SID'] }, ['TWILIO_API_KEY_SID']],
    ['a variable of logins', { AUTH_AUDIENCE: 'chat' }, ['AUTH_AUDIENCE']],
    ['any AUTH_ variable', { AUTH_DOMAIN_OF_ANOTHER_APP: 'x' }, []],
    ['a host that others reach', { HOST: '0.0.0.0' }, []],
  ])('does not start with %s: every missing variable is named', (_, env, given) => {
    const result = load({ env });
    const missing = result.ok ? [] : result.faults.map((fault) => fault.where);
    expect(missing.sort()).toEqual(ALL.filter((name) => !given.includes(name)).sort());
  });

  test('does not start with a secret in a file', () => {
    const files = { secret: 'x' };
    expect(load({ env: { TWILIO_API_KEY_SECRET_FILE: 'secret' }, files }).ok).toBe(false);
  });

  test('does not start in production, which needs a ledger too', () => {
    const result = load({ env: { NODE_ENV: 'production' } });
    const missing = result.ok ? [] : result.faults.map((fault) => fault.where);
    expect(missing.sort()).toEqual([...ALL, 'LEDGER'].sort());
  });

  test.each([
    `backends: [{ name: shop, keySha256: "${'0'.repeat(64)}", issuer: "https://x.example" }]`,
    'issuers: [{ issuer: "https://x.example", audience: chat }]',
    'session: { url: "https://x.example/s", cookieName: s, issuer: x }',
    'services: { support: {} }',
  ])('does not start with a file that says %s', (yaml) => {
    expect(load({ yaml }).ok).toBe(false);
  });

  test('starts with a file that only has policy, and follows it', () => {
    const { settings } = loaded({ yaml: 'intents: { page_load: allow }\nissuers: []\n' });
    expect(settings.demo).toBe(true);
    expect(settings.intents['page_load']).toBe('allow');
  });
});

describe('demo by command', () => {
  test('looks at no TWILIO_ or AUTH_ variable and at no services or callers of the file', () => {
    const yaml = 'issuers: [{ issuer: "https://x.example", audience: chat }]';
    const { settings } = loaded({ env: { ...MINIMAL, TWILIO_API_KEY: 'wrong' }, yaml, demo: true });
    expect(settings).toMatchObject({ demo: true, issuers: [], services: [{ accountSid: `AC${ZEROS}` }] });
    expect(settings.notices).toEqual(['Demo mode leaves out of the config file: issuers.']);
  });

  test('refuses production and other hosts', () => {
    expect(faultLines({ env: { NODE_ENV: 'production', HOST: '0.0.0.0' }, demo: true })).toEqual([
      'NODE_ENV: expected anything but production in demo mode; found production',
      'HOST: expected a loopback host in demo mode; found another host (demo logins are for everyone who reaches it)',
    ]);
  });
});
