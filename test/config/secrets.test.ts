import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatFaultsJson, formatSettings, formatSettingsJson } from '../../src/config/format-config.ts';
import { VARIABLE_NAMES, variable } from '../../src/config/variables.ts';
import { faultLines, type Given, load, MINIMAL } from './support.ts';

/** Everything that `config check` and `config print` could show. */
function shown(given: Given): string {
  const result = load(given);
  if (!result.ok) return [...faultLines(given), formatFaultsJson(result.faults)].join('\n');
  const { sources, settings } = result;
  return formatSettings(sources) + formatSettingsJson(sources, settings.demo, settings.notices);
}

/** Printable, long enough not to stand in our own words by chance. */
const anySecret = fc
  .string({ unit: 'grapheme-ascii', minLength: 12, maxLength: 80 })
  .map((text) => text.replace(/["'\\\s]/g, 'x'))
  .filter((text) => !/(.)\1{5}/.test(text));

/** As Twilio gives them out. */
const apiSecret = fc
  .array(fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'), {
    minLength: 32,
    maxLength: 32,
  })
  .map((letters) => letters.join(''));

const SECRET_VARIABLES = VARIABLE_NAMES.filter((name) => variable(name).secret);

describe('a secret is never shown', () => {
  test.each(SECRET_VARIABLES)('%s, right or wrong', (name) => {
    fc.assert(
      fc.property(anySecret, fc.boolean(), (secret, asFile) => {
        const { [name]: _, ...env } = MINIMAL;
        const given = asFile
          ? { env: { ...env, [`${name}_FILE`]: 'secret' }, files: { secret } }
          : { env: { ...env, [name]: secret } };
        expect(shown(given)).not.toContain(secret);
      }),
      { numRuns: 40 },
    );
  });

  test('the password of a Redis URL', () => {
    fc.assert(
      fc.property(apiSecret, fc.constantFrom('redis', 'http', ''), (secret, scheme) => {
        const env = { ...MINIMAL, REDIS_URL: `${scheme}://user:${secret}@127.0.0.1:6379` };
        expect(shown({ env })).not.toContain(secret);
      }),
    );
  });

  test.each([
    ['REDIS_CLUSTER_NODES', 'a password'],
    ['REDIS_CLUSTER_NODES', 'host-1:6379,user'],
    ['REDIS_SENTINELS', ''],
    ['HOST', 'user'],
    ['CORS_ORIGINS', 'user'],
  ])('a short password before an address in %s, behind %j', (name, before) => {
    const env = { ...MINIMAL, [name]: `${before}:short/pw@10.0.0.1:6379` };
    expect(shown({ env })).not.toContain('short/pw');
  });

  test.each([
    'kJ8/x+Vd0Yq2mTz5Lw7RbN4cHs1Gf9Ap3Ue6Xi0Ko8Ij+secret/Qv',
    'redis://user:s3cretpass@localhost',
    'redis://user:s3cretpass@localhost/mau-guard.yaml',
    'https://user:s3cretpass@config.example.com/a.yml',
  ])('%s pasted into MAU_CONFIG_FILE', (secret) => {
    const lines = faultLines({ env: { ...MINIMAL, MAU_CONFIG_FILE: secret } });
    expect(lines).toEqual([
      `MAU_CONFIG_FILE: expected a readable file; found a ${secret.length}-character value, which is not there`,
    ]);
  });

  test('the path of a config file is shown, however long its names are', () => {
    const path = '/etc/mau-guard/configuration-of-the-production-gateways/mau-guard.yml';
    expect(faultLines({ env: { ...MINIMAL, MAU_CONFIG_FILE: path } }).join()).toContain(path);
  });

  test('an API secret pasted into any variable that does not take it', () => {
    fc.assert(
      fc.property(apiSecret, fc.constantFrom(...VARIABLE_NAMES), (secret, name) => {
        expect(faultLines({ env: { ...MINIMAL, PORT: 'x', [name]: secret } }).join()).not.toContain(secret);
      }),
    );
  });

  test('an API secret pasted anywhere into the config file', () => {
    const places = [
      (secret: string) => `services: { a: { apiKey: { secret: ${secret} } } }`,
      (secret: string) => `services: { a: { apiKey: { secretEnv: ${secret} } } }`,
      (secret: string) => `services: { a: { apiKey: { sid: ${secret} } } }`,
      (secret: string) => `services: { a: { apiKey: ${secret} } }`,
      (secret: string) => `services: { a: { authToken: ${secret} } }`,
      (secret: string) => `issuers: [{ secret: ${secret} }, ${secret}]`,
      (secret: string) => `issuers: [{ introspection: { clientSecret: ${secret} } }]`,
      (secret: string) => `backends: [{ name: a, key: ${secret}, keySha256: ${secret} }]`,
      (secret: string) => `session: { url: "https://user:${secret}@app.example.com" }`,
      (secret: string) => `identity: { strategy: ${secret}, secret: ${secret} }`,
      (secret: string) => `limits: { verifiedTokens: ${secret} }`,
      (secret: string) => `unknown: ${secret}`,
      (secret: string) => `${secret}`,
      (secret: string) => `a: "${secret}`,
      (secret: string) => `a: b: ${secret}`,
      (secret: string) => `a: *${secret}`,
      (secret: string) => `a: !${secret} x`,
    ];
    fc.assert(
      fc.property(apiSecret, fc.constantFrom(...places), (secret, place) => {
        const lines = faultLines({ env: MINIMAL, yaml: place(secret) });
        expect(lines.length).toBeGreaterThan(0);
        expect(lines.join('\n')).not.toContain(secret);
      }),
      { numRuns: 300 },
    );
  });
});
