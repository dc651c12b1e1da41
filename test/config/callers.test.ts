import { describe, expect, test } from '@jest/globals';
import { faultLines, loaded, MINIMAL } from './support.ts';

const { AUTH_ISSUER, AUTH_AUDIENCE: _audience, ...NO_CALLERS } = MINIMAL;

const SHORTHAND = {
  issuer: AUTH_ISSUER,
  audience: ['chat'],
  jwksUrl: null,
  algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'],
  secret: null,
  claims: { person: 'sub', class: null, tenant: null, display: null },
  clockToleranceSeconds: 5,
  timeoutMs: 3000,
  introspection: null,
};

describe('issuers', () => {
  test('by the shorthand', () => {
    const env = {
      ...MINIMAL,
      AUTH_AUDIENCE: 'chat, https://api.example.com',
      AUTH_JWKS_URL: 'https://k.example/jwks?v=1',
    };
    const { settings, sources } = loaded({ env });
    expect(settings.issuers).toEqual([
      { ...SHORTHAND, audience: ['chat', 'https://api.example.com'], jwksUrl: 'https://k.example/jwks?v=1' },
    ]);
    expect(sources['issuers.0.audience']).toEqual({
      value: ['chat', 'https://api.example.com'],
      source: 'environment AUTH_AUDIENCE',
    });
  });

  test('http is for loopback hosts only', () => {
    const env = {
      ...MINIMAL,
      AUTH_ISSUER: 'http://127.0.0.1:9000',
      AUTH_JWKS_URL: 'http://localhost:9000/jwks',
    };
    expect(loaded({ env }).settings.issuers[0]?.issuer).toBe('http://127.0.0.1:9000');
    expect(faultLines({ env: { ...env, AUTH_JWKS_URL: 'http://localhost.example.com/jwks' } })).toHaveLength(
      1,
    );
  });

  test('of the file stand after the shorthand', () => {
    const yaml = `issuers:
      - issuer: https://other.example.com
        audience: [shop, chat]
        algorithms: [HS256]
        secretEnv: OTHER_SECRET
        claims: { person: uid, class: chat.class }
        introspection: { url: "https://other.example.com/i", clientId: me, clientSecretEnv: CLIENT_SECRET }`;
    const env = { ...MINIMAL, OTHER_SECRET: 's'.repeat(32), CLIENT_SECRET: 'c' };
    const { settings, sources } = loaded({ env, yaml });
    expect(settings.issuers[0]).toEqual(SHORTHAND);
    expect(settings.issuers[1]).toMatchObject({
      issuer: 'https://other.example.com',
      audience: ['shop', 'chat'],
      algorithms: ['HS256'],
      secret: 's'.repeat(32),
      claims: { person: 'uid', class: 'chat.class', tenant: null, display: null },
      introspection: { url: 'https://other.example.com/i', clientId: 'me', clientSecret: 'c' },
    });
    expect(sources['issuers.1.secret']).toEqual({
      value: '•••• (32 bytes)',
      source: 'environment OTHER_SECRET',
    });
    expect(sources['issuers.1.introspection.clientSecret']?.value).toBe('•••• (1 bytes)');
    expect(sources['issuers.1.claims.class']?.source).toBe('file config/mau-guard.yaml');
    for (const left of ['timeoutMs', 'jwksUrl', 'claims.tenant']) {
      expect(sources[`issuers.1.${left}`]?.source).toBe('default');
    }
  });

  test('the shorthand goes before the file for the same issuer', () => {
    const yaml = `issuers: [{ issuer: "${AUTH_ISSUER}", audience: old, algorithms: [ES256] }]`;
    expect(loaded({ env: MINIMAL, yaml }).settings.issuers).toEqual([
      { ...SHORTHAND, algorithms: ['ES256'] },
    ]);
    // The audience of the file is good enough when the environment names only the issuer.
    expect(loaded({ env: { ...NO_CALLERS, AUTH_ISSUER }, yaml }).settings.issuers[0]?.audience).toEqual([
      'old',
    ]);
  });
});

test('tenants of one provider are issuers of their own', () => {
  const yaml = `issuers:
      - { issuer: "https://login.example.com/tenant1", audience: chat }
      - { issuer: "https://login.example.com/tenant2", audience: chat }`;
  expect(loaded({ env: MINIMAL, yaml }).settings.issuers).toHaveLength(3);
});

test('the issuer of the shorthand may stand in the file behind others', () => {
  const yaml = `issuers:
      - { issuer: "https://other.example.com", audience: chat }
      - { issuer: "${AUTH_ISSUER}" }`;
  expect(loaded({ env: MINIMAL, yaml }).settings.issuers).toHaveLength(2);
});

describe('callers without an issuer', () => {
  test('a backend is enough', () => {
    const yaml = `backends: [{ name: shop, keySha256: "${'a'.repeat(64)}", issuer: legacy }]`;
    const { settings, sources } = loaded({ env: NO_CALLERS, yaml });
    expect(settings.backends).toEqual([
      { name: 'shop', keySha256: 'a'.repeat(64), issuer: 'legacy', classes: ['member'] },
    ]);
    expect(sources['backends.0.keySha256']?.value).toBe('aaaaaaaa…');
  });

  test('a session is enough', () => {
    const yaml = 'session: { url: "https://app.example.com/me", cookieName: sid, issuer: app }';
    expect(loaded({ env: NO_CALLERS, yaml }).settings.session).toEqual({
      url: 'https://app.example.com/me',
      cookieName: 'sid',
      issuer: 'app',
      claims: SHORTHAND.claims,
      cacheSeconds: 30,
      timeoutMs: 3000,
    });
  });
});

test('operators', () => {
  const hash = '0'.repeat(64);
  const OPS_API_KEYS = `anna:viewer:${hash}, ci.bot:admin:${'1'.repeat(64)}`;
  const { settings, sources } = loaded({ env: { ...MINIMAL, OPS_API_KEYS } });
  expect(settings.operators).toEqual([
    { name: 'anna', role: 'viewer', sha256: hash },
    { name: 'ci.bot', role: 'admin', sha256: '1'.repeat(64) },
  ]);
  expect(sources['operators.0.sha256']).toEqual({ value: '00000000…', source: 'environment OPS_API_KEYS' });
  for (const wrong of [
    `anna:viewer:${hash},anna:admin:${'1'.repeat(64)}`,
    `a:viewer:${hash},b:viewer:${hash}`,
  ]) {
    expect(faultLines({ env: { ...MINIMAL, OPS_API_KEYS: wrong } })).toHaveLength(1);
  }
});
