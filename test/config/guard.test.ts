import { describe, expect, test } from '@jest/globals';
import { type Given, loaded, MINIMAL } from './support.ts';

const settingsOf = (yaml: string, more: Omit<Given, 'yaml' | 'env'> & { env?: Given['env'] } = {}) =>
  loaded({ ...more, env: { ...MINIMAL, ...more.env }, yaml }).settings;

describe('classes', () => {
  test('have rules, a pool, a limit and a priority of their own', () => {
    const { classes } = settingsOf(`
classes:
  - { name: member, prefix: m_ }
  - { name: agent, prefix: a_, when: { claim: role, equals: agent }, priority: 10, tokenRequestsPerMinute: 6 }
  - { name: test, prefix: t_, pool: 5, when: [{ claim: ci, exists: true }, { claim: "n", in: [1, two, true] }] }`);
    expect(classes).toEqual([
      {
        name: 'member',
        prefix: 'm_',
        when: null,
        identity: { kind: 'own' },
        tokenRequestsPerMinute: null,
        priority: 0,
      },
      {
        name: 'agent',
        prefix: 'a_',
        when: [{ claim: 'role', equals: 'agent' }],
        identity: { kind: 'own' },
        tokenRequestsPerMinute: 6,
        priority: 10,
      },
      {
        name: 'test',
        prefix: 't_',
        when: [
          { claim: 'ci', exists: true },
          { claim: 'n', in: [1, 'two', true] },
        ],
        identity: { kind: 'pool', size: 5 },
        tokenRequestsPerMinute: null,
        priority: 0,
      },
    ]);
  });

  test('the first one without rules is what a backend gives when it names none', () => {
    const { backends } = settingsOf(`
classes:
  - { name: agent, prefix: a_, when: { claim: role, equals: agent } }
  - { name: member, prefix: m_ }
backends: [{ name: shop, keySha256: "${'0'.repeat(64)}", issuer: "https://login.example.com/" }]`);
    expect(backends[0]?.classes).toEqual(['member']);
  });
});

describe('a budget', () => {
  const budgetOf = (budget: string, classes = '') =>
    settingsOf(`${classes}\nservices: { default: { budget: ${budget} } }`).services[0];

  test('has reserve, priorities, thresholds, spike guard and fallback', () => {
    const service = budgetOf(
      `{ identities: 100, reserve: { agent: 100 }, thresholds: [10, 100], tenants: { "*": 5 },
         spikeGuard: { factor: 1.5, minimum: 3, mode: block }, fallback: { form: /contact, list: [1, { a: b }] } }`,
      'classes: [{ name: member, prefix: m_ }, { name: agent, prefix: a_, priority: 10 }]',
    );
    expect(service?.budget).toEqual({
      mode: 'warn',
      scopes: { all: 100, 'tenant:*': 5 },
      reserve: { agent: 100 },
      priorities: { member: 0, agent: 10 },
      thresholds: [10, 100],
      spikeGuard: { factor: 1.5, minimum: 3, mode: 'block' },
    });
    expect(service?.fallback).toEqual({ form: '/contact', list: [1, { a: 'b' }] });
  });

  test('may be a spike guard alone, which only warns unless told', () => {
    expect(budgetOf('{ spikeGuard: {} }')?.budget).toMatchObject({
      scopes: {},
      spikeGuard: { factor: 10, minimum: 100, mode: 'warn' },
    });
  });

  test('without a limit there is none, but its fallback stays for the one an operator sets', () => {
    const service = budgetOf('{ thresholds: [50], fallback: { form: /contact } }');
    expect(service).toMatchObject({ budget: null, fallback: { form: '/contact' } });
  });

  test('without thresholds alerts nobody', () => {
    expect(budgetOf('{ identities: 5, thresholds: [] }')?.budget?.thresholds).toEqual([]);
  });
});

describe('demo mode', () => {
  test('lets guests in, also beside the shipped file that does not', () => {
    expect(loaded({}).settings.guests.policy).toBe('per-browser');
    expect(loaded({ yaml: 'guests: { policy: deny }' }).settings.guests.policy).toBe('per-browser');
  });

  test('does not where there is no class for them', () => {
    const yaml = 'classes: [{ name: member, prefix: m_ }]';
    expect(loaded({ yaml }).settings.guests.policy).toBe('deny');
  });

  test('looks nothing up', () => {
    expect(loaded({ yaml: 'connect: { lookUp: true }' }).settings.connect.lookUp).toBe(false);
  });
});

describe('connect', () => {
  test('takes an origin from either variable', () => {
    for (const env of [{ PUBLIC_URL: 'https://a.example' }, { CORS_ORIGINS: 'https://a.example' }]) {
      expect(settingsOf('connect: { requireOrigin: true }', { env }).connect.requireOrigin).toBe(true);
    }
  });
});

describe('secrets', () => {
  const yaml = `
guests:
  policy: per-browser
  humanCheck: { verifyUrl: "https://check.example/v", secretEnv: CHECK_SECRET, siteKey: "k", provider: turnstile }
alerts:
  targets:
    - { name: team, kind: slack, urlEnv: HOOK }
    - { name: pager, kind: webhook, url: "https://pager.example/very/private?key=1", secretEnv: SIGN }`;
  const env = {
    ...MINIMAL,
    CHECK_SECRET: 'the-check-secret',
    HOOK: 'https://hooks.example/services/T0/B0/private',
    SIGN: `whsec_${Buffer.alloc(32, 9).toString('base64')}`,
  };

  test('are read', () => {
    const { guests, alerts } = loaded({ env, yaml }).settings;
    expect(guests.humanCheck).toEqual({
      verifyUrl: 'https://check.example/v',
      secret: 'the-check-secret',
      siteKey: 'k',
      provider: 'turnstile',
      timeoutMs: 3000,
    });
    const defaults = { timeoutMs: 5000, maxAttempts: 36 };
    expect(alerts.targets).toEqual([
      { name: 'team', kind: 'slack', url: env.HOOK, secret: null, ...defaults },
      {
        name: 'pager',
        kind: 'webhook',
        url: 'https://pager.example/very/private?key=1',
        secret: env.SIGN,
        ...defaults,
      },
    ]);
  });

  test('are not shown, nor is the part of an address that lets one post there', () => {
    const { sources } = loaded({ env, yaml });
    const shown = JSON.stringify(sources);
    for (const secret of ['the-check-secret', 'private', env.SIGN]) expect(shown).not.toContain(secret);
    expect(sources['alerts.targets.0.url']).toEqual({
      value: 'https://hooks.example/…',
      source: 'environment HOOK',
    });
    expect(sources['guests.humanCheck.secret']?.source).toBe('environment CHECK_SECRET');
  });
});
