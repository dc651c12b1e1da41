import { describe, expect, test } from '@jest/globals';
import { type Env, faultLines, loaded, MINIMAL } from './support.ts';

function ledgerOf(env: Env, yaml?: string) {
  const { settings } = loaded({ env: { ...MINIMAL, ...env }, ...(yaml === undefined ? {} : { yaml }) });
  return settings.ledger;
}

const REDIS = {
  kind: 'redis',
  keyPrefix: 'mg',
  username: null,
  password: null,
  tls: false,
  waitReplicas: 0,
  deadlineMs: 250,
  rememberedPeopleMax: 100_000,
};

describe('the ledger', () => {
  test.each<[Env, object]>([
    [{}, { kind: 'embedded', path: 'data/ledger.db' }],
    [{ LEDGER_PATH: '/data/x.db' }, { kind: 'embedded', path: '/data/x.db' }],
    [
      { REDIS_URL: 'rediss://:secret@redis.example:6380/2' },
      { ...REDIS, connection: { kind: 'single', url: 'rediss://:secret@redis.example:6380/2' } },
    ],
    [
      {
        LEDGER: 'redis',
        REDIS_CLUSTER_NODES: 'a:7000, [::1]:7001',
        REDIS_USERNAME: 'u',
        REDIS_PASSWORD: 'p',
        REDIS_TLS: 'true',
        REDIS_KEY_PREFIX: 'eu:mg',
      },
      {
        ...REDIS,
        connection: {
          kind: 'cluster',
          nodes: [
            { host: 'a', port: 7000 },
            { host: '::1', port: 7001 },
          ],
        },
        username: 'u',
        password: 'p',
        tls: true,
        keyPrefix: 'eu:mg',
      },
    ],
    [
      { REDIS_SENTINELS: 's1:26379', REDIS_SENTINEL_MASTER: 'main', REDIS_WAIT_REPLICAS: '1' },
      {
        ...REDIS,
        waitReplicas: 1,
        connection: { kind: 'sentinel', sentinels: [{ host: 's1', port: 26379 }], master: 'main' },
      },
    ],
  ])('%j', (env, ledger) => {
    expect(ledgerOf(env)).toEqual(ledger);
  });

  test('asks the Sentinels with the login of the file, and shows no password', () => {
    const env = {
      ...MINIMAL,
      REDIS_SENTINELS: 's1:26379',
      REDIS_SENTINEL_MASTER: 'main',
      WATCHERS_PASSWORD: 'password-of-the-sentinels',
    };
    const yaml = 'ledger: { sentinelLogin: { username: kim, passwordEnv: WATCHERS_PASSWORD } }';
    const { settings, sources } = loaded({ env, yaml });
    expect(settings.ledger).toMatchObject({
      password: null,
      connection: { kind: 'sentinel', login: { username: 'kim', password: 'password-of-the-sentinels' } },
    });
    expect(JSON.stringify(sources)).not.toContain('password-of-the-sentinels');
    expect(faultLines({ env: { ...env, WATCHERS_PASSWORD: '' }, yaml })).toHaveLength(1);
  });

  test('takes its deadline from the file', () => {
    const env = { REDIS_URL: 'redis://127.0.0.1' };
    expect(ledgerOf(env, 'ledger: { deadlineMs: 500 }')).toMatchObject({ deadlineMs: 500 });
  });

  test('is embedded when that is said, whatever Redis variables a platform sets, and says so', () => {
    const env = { ...MINIMAL, LEDGER: 'embedded', REDIS_URL: 'redis://127.0.0.1', NODE_ENV: 'production' };
    const { settings } = loaded({ env });
    expect(settings.ledger.kind).toBe('embedded');
    expect(settings.notices).toEqual(['REDIS_URL: not used, because LEDGER=embedded.']);
  });

  test('the password of a URL is masked, which is what makes the ledger Redis', () => {
    const REDIS_URL = 'redis://user:hunter22@127.0.0.1:6379/0';
    const { sources } = loaded({ env: { ...MINIMAL, REDIS_URL } });
    expect(sources['ledger.connection.url']).toEqual({
      value: 'redis://user:••••@127.0.0.1:6379/0',
      source: 'environment REDIS_URL',
    });
    expect(sources['ledger.kind']).toEqual({ value: 'redis', source: 'environment REDIS_URL' });
  });

  test.each(['50%25off', 'a%2Fb%3Fc%23d', 'p@ss:word', '', 'p%C3%A9'])(
    'takes the password %j in a URL',
    (password) => {
      const REDIS_URL = `redis://:${password}@127.0.0.1:6379`;
      expect(ledgerOf({ REDIS_URL })).toMatchObject({ connection: { url: REDIS_URL } });
    },
  );

  test.each(['50%off', '%ff', 'a/b', '12/3', '12?3', 'a#b'])(
    'refuses the password %j in a URL',
    (password) => {
      expect(
        faultLines({ env: { ...MINIMAL, REDIS_URL: `redis://user:${password}@127.0.0.1:6379` } }),
      ).toEqual([
        'REDIS_URL: expected a redis:// or rediss:// URL; found a user name or password with characters that mean something else in a URL (write % as %25, / as %2F, ? as %3F and # as %23)',
      ]);
    },
  );

  test.each<Env>([
    { REDIS_SENTINEL_MASTER: 'main', REDIS_CLUSTER_NODES: 'a:7000' },
    { REDIS_URL: 'redis://a', REDIS_TLS: 'true' },
    { REDIS_URL: 'redis://' },
    { REDIS_URL: 'redis://a/path' },
    { REDIS_CLUSTER_NODES: 'redis://a:7000' },
    { REDIS_CLUSTER_NODES: 'a:0' },
    { REDIS_CLUSTER_NODES: 'a:7000', REDIS_WAIT_REPLICAS: '-1' },
  ])('%j is refused', (env) => {
    expect(faultLines({ env: { ...MINIMAL, ...env } })).toHaveLength(1);
  });
});
