import { describe, expect, test } from '@jest/globals';
import { ACCOUNT, faultLines, KEY, loaded, MINIMAL, SERVICE } from './support.ts';

describe('the least configuration', () => {
  test('has the defaults of the contract', () => {
    const { settings } = loaded({ env: MINIMAL });
    expect(settings).toMatchObject({
      demo: false,
      production: false,
      listen: { host: '127.0.0.1', port: 3000 },
      metricsPort: 9464,
      publicUrl: null,
      trustProxy: false,
      corsOrigins: [],
      log: { level: 'info', format: 'json' },
      ledger: { kind: 'embedded', path: 'data/ledger.db' },
      identity: { strategy: 'opaque', secret: MINIMAL['IDENTITY_SECRET'], foldCase: false },
      token: { ttlSeconds: 3600 },
      backends: [],
      session: null,
      intents: { open_chat: 'allow', notification: 'needs-reason', page_load: 'deny', refresh: 'known-only' },
      connect: {
        shadow: [],
        requireOrigin: false,
        crawlers: true,
        monthTurnQuietSeconds: 900,
        lookUp: false,
      },
      guests: {
        policy: 'deny',
        className: 'guest',
        adoption: 'on-request',
        newPerHour: 30,
        humanCheck: null,
      },
      alerts: { targets: [], pollSeconds: 5 },
      operators: [],
      notices: [],
    });
    expect(settings.services).toEqual([
      {
        name: 'default',
        accountSid: ACCOUNT,
        serviceSid: SERVICE,
        apiKey: { sid: KEY, secret: MINIMAL['TWILIO_API_KEY_SECRET'] },
        previousApiKey: null,
        restApiKey: null,
        region: null,
        edge: null,
        pushCredentialSid: null,
        roleSids: {},
        budget: null,
        fallback: null,
      },
    ]);
    expect(settings.classes.map((entry) => entry.prefix)).toEqual(['m_', 'g_', 'a_', 't_']);
  });

  test('is frozen in every part', () => {
    const { settings } = loaded({ env: MINIMAL });
    const parts = [
      settings,
      settings.services,
      settings.services[0]?.apiKey,
      settings.intents,
      settings.notices,
    ];
    for (const part of parts) expect(Object.isFrozen(part)).toBe(true);
  });

  test('listens on every interface in production, pretty only on a terminal', () => {
    const { settings } = loaded({
      env: { ...MINIMAL, NODE_ENV: 'production', LEDGER: 'embedded' },
      tty: true,
    });
    expect(settings.listen.host).toBe('0.0.0.0');
    expect(settings.log.format).toBe('pretty');
  });
});

describe('sources', () => {
  const yaml = 'token: { ttlSeconds: 600 }\nlimits: { verifiedTokens: 7 }\n';

  test('flags go before the environment, that before the file, that before defaults', () => {
    const { settings, sources } = loaded({
      env: { ...MINIMAL, PORT: '4000', HOST: '127.0.0.2' },
      flags: { port: '5000' },
      yaml,
    });
    expect(settings).toMatchObject({ listen: { host: '127.0.0.2', port: 5000 }, token: { ttlSeconds: 600 } });
    expect(sources).toMatchObject({
      'listen.port': { value: 5000, source: 'flag --port' },
      'listen.host': { source: 'environment HOST' },
      'token.ttlSeconds': { value: 600, source: 'file config/mau-guard.yaml' },
      'limits.verifiedTokens': { value: 7, source: 'file config/mau-guard.yaml' },
      'limits.tokenRequestsPerMinute': { value: 60, source: 'default' },
      'services.default.accountSid': { value: ACCOUNT, source: 'environment TWILIO_ACCOUNT_SID' },
      'cookieSecrets.current': { source: 'derived from IDENTITY_SECRET' },
    });
    expect(loaded({ env: { ...MINIMAL, TOKEN_TTL_SECONDS: '700' }, yaml }).settings.token.ttlSeconds).toBe(
      700,
    );
  });

  test('a .env file fills in what the environment leaves out', () => {
    const files = { '.env': '\uFEFFPORT=4000\nLOG_LEVEL="debug"\n' };
    const { settings, sources } = loaded({ env: { ...MINIMAL, PORT: '5000' }, files });
    expect(settings).toMatchObject({ listen: { port: 5000 }, log: { level: 'debug' } });
    expect(sources['log.level']?.source).toBe('.env LOG_LEVEL');
    expect(loaded({ env: MINIMAL, files }).settings.listen.port).toBe(4000);
  });

  test('a file named by flag goes before MAU_CONFIG_FILE', () => {
    const files = { 'one.yaml': 'token: { ttlSeconds: 301 }', 'two.yaml': 'token: { ttlSeconds: 302 }' };
    const env = { ...MINIMAL, MAU_CONFIG_FILE: 'two.yaml' };
    expect(loaded({ env, files }).settings.token.ttlSeconds).toBe(302);
    expect(loaded({ env, files, flags: { config: 'one.yaml' } }).settings.token.ttlSeconds).toBe(301);
  });

  test('an empty variable and a key without a value are unset', () => {
    const env = { ...MINIMAL, PORT: '', METRICS_PORT: ' ' };
    const { settings } = loaded({ env, yaml: 'services:\nissuers:\ntoken:\n  # ttlSeconds: 600\n' });
    expect(settings).toMatchObject({
      listen: { port: 3000 },
      metricsPort: 9464,
      token: { ttlSeconds: 3600 },
    });
  });
});

describe('secrets', () => {
  test('come from NAME_FILE, without the line end', () => {
    const { IDENTITY_SECRET, TWILIO_API_KEY_SECRET, ...rest } = MINIMAL;
    const env = { ...rest, IDENTITY_SECRET_FILE: 'identity', TWILIO_API_SECRET_FILE: '/app/api' };
    const files = { identity: `${IDENTITY_SECRET}\n`, api: `${TWILIO_API_KEY_SECRET}\r\n` };
    const { settings, sources } = loaded({ env, files });
    expect(settings.identity.secret).toBe(IDENTITY_SECRET);
    expect(settings.services[0]?.apiKey.secret).toBe(TWILIO_API_KEY_SECRET);
    expect(sources['identity.secret']).toEqual({ value: '•••• (33 bytes)', source: 'IDENTITY_SECRET_FILE' });
  });

  test('come from a file without its byte order mark', () => {
    const { IDENTITY_SECRET, ...rest } = MINIMAL;
    const env = { ...rest, IDENTITY_SECRET_FILE: 'identity', REDIS_PASSWORD_FILE: 'redis' };
    const files = { identity: `\uFEFF${IDENTITY_SECRET}\n`, redis: '\uFEFFpassword-of-the-tests' };
    const { settings } = loaded({ env: { ...env, REDIS_CLUSTER_NODES: 'a:7000' }, files });
    expect(settings.identity.secret).toBe(IDENTITY_SECRET);
    expect(settings.ledger).toMatchObject({ password: 'password-of-the-tests' });
  });

  test.each([
    ['UTF-16', Buffer.from(`\uFEFF${'secret of the tests'.repeat(2)}`, 'utf16le')],
    ['UTF-16 without a byte order mark', Buffer.from('secret of the tests'.repeat(2), 'utf16le')],
    ['random bytes', Buffer.alloc(48, 0x9f)],
  ])('do not come from a file of %s', (_what, bytes) => {
    const { IDENTITY_SECRET: _, ...rest } = MINIMAL;
    const env = { ...rest, IDENTITY_SECRET_FILE: 'identity' };
    expect(faultLines({ env, files: { identity: bytes.toString('utf8') } })).toEqual([
      'IDENTITY_SECRET_FILE: expected a file that holds the secret as UTF-8 text; found other bytes (save it as UTF-8; a secret of your own making comes from: openssl rand -base64 48)',
    ]);
  });

  test("come without quotes around them, also from a file or by a name of one's own", () => {
    const { TWILIO_API_KEY_SECRET, ...rest } = MINIMAL;
    const env = { ...rest, TWILIO_API_KEY_SECRET_FILE: 'api', WATCHERS_PASSWORD: "'password'" };
    const yaml = 'ledger: { sentinelLogin: { passwordEnv: WATCHERS_PASSWORD } }';
    const redis = { REDIS_SENTINELS: 's1:26379', REDIS_SENTINEL_MASTER: 'main' };
    const files = { api: `"${TWILIO_API_KEY_SECRET}"\n` };
    const hint = 'expected a value without quotes around it; found a';
    expect(faultLines({ env: { ...env, ...redis }, files, yaml })).toEqual([
      expect.stringContaining(`TWILIO_API_KEY_SECRET_FILE: ${hint} 29-character value`),
      expect.stringContaining(`WATCHERS_PASSWORD: ${hint} 10-character value`),
    ]);
  });

  test('for cookies are derived from the identity secret, the same every time, and differ from it', () => {
    const one = loaded({ env: MINIMAL }).settings.cookieSecrets;
    expect(one).toEqual(loaded({ env: MINIMAL }).settings.cookieSecrets);
    expect(one.previous).toBeNull();
    expect(Buffer.from(one.current, 'base64url')).toHaveLength(32);
    expect(one.current).not.toContain(MINIMAL['IDENTITY_SECRET']);
    const other = loaded({ env: { ...MINIMAL, IDENTITY_SECRET: 'y'.repeat(32) } }).settings.cookieSecrets;
    expect(other.current).not.toBe(one.current);
  });

  test('are counted in bytes, not in characters', () => {
    expect(faultLines({ env: { ...MINIMAL, IDENTITY_SECRET: 'é'.repeat(16) } })).toEqual([]);
    expect(faultLines({ env: { ...MINIMAL, IDENTITY_SECRET: 'e'.repeat(31) } })).toHaveLength(1);
  });
});

describe('listeners', () => {
  test.each([
    ['METRICS_PORT', 'off', { metricsPort: null }],
    ['METRICS_PORT', '0', { metricsPort: 0 }],
    ['PORT', '0', { listen: { port: 0 } }],
    ['PUBLIC_URL', 'https://tokens.example.com/chat/', { publicUrl: 'https://tokens.example.com/chat' }],
    ['TRUST_PROXY', '2', { trustProxy: 2 }],
    ['TRUST_PROXY', 'false', { trustProxy: false }],
    ['TRUST_PROXY', 'loopback,10.0.0.0/8, fd00::/8', { trustProxy: 'loopback, 10.0.0.0/8, fd00::/8' }],
    [
      'CORS_ORIGINS',
      'https://a.example, http://localhost:5173,',
      { corsOrigins: ['https://a.example', 'http://localhost:5173'] },
    ],
    ['CORS_ORIGINS', 'capacitor://localhost', { corsOrigins: ['capacitor://localhost'] }],
  ])('%s=%s', (name, value, expected) => {
    expect(loaded({ env: { ...MINIMAL, [name]: value } }).settings).toMatchObject(expected);
  });

  test.each([
    ['CORS_ORIGINS', 'https://a.example:443'],
    ['CORS_ORIGINS', 'https://a.example/chat'],
    ['CORS_ORIGINS', 'null'],
    ['CORS_ORIGINS', 'https://*.example.com'],
    ['TRUST_PROXY', 'TRUE'],
    ['TRUST_PROXY', '::/0'],
    ['PUBLIC_URL', 'https://user:pass@tokens.example.com'],
    ['HOST', '[::1]'],
    ['HOST', '127.0.0.1:3000'],
    ['HOST', '300.1.1.1'],
    ['PORT', '-1'],
    ['PORT', '3e3'],
    ['TOKEN_TTL_SECONDS', '299'],
  ])('%s=%s is refused', (name, value) => {
    expect(faultLines({ env: { ...MINIMAL, [name]: value } })).toEqual([
      expect.stringMatching(new RegExp(`^${name}: expected .*; found .`)),
    ]);
  });
});
