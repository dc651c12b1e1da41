import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { faultLines, loaded, MINIMAL } from './support.ts';

describe('reconciling', () => {
  test('looks every 6 hours at pchat-users unless told', () => {
    expect(loaded({ env: MINIMAL }).settings.reconcile).toEqual({ everyHours: 6, category: 'pchat-users' });
    const yaml = 'reconcile: { everyHours: 0, category: conversations }';
    expect(loaded({ env: MINIMAL, yaml }).settings.reconcile).toEqual({
      everyHours: 0,
      category: 'conversations',
    });
  });

  test.each(['everyHours: -1', 'everyHours: 169', 'everyHours: 1.5', 'category: "Chat Users"', 'hours: 1'])(
    '%s is a fault',
    (line) => expect(faultLines({ env: MINIMAL, yaml: `reconcile: { ${line} }` })).toHaveLength(1),
  );
});

describe('the key of manifests', () => {
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();

  test('is read with line ends as \\n, is not said to be unused, and is shown by its length only', () => {
    const env = { ...MINIMAL, MANIFEST_SIGNING_KEY: pem.replaceAll('\n', '\\n') };
    const { settings, sources } = loaded({ env });
    expect(settings.manifestSigningKey).toBe(pem);
    expect(settings.notices).toEqual([]);
    expect(sources['manifestSigningKey']?.value).toMatch(/^•••• \(\d+ bytes\)$/);
    expect(loaded({ env: MINIMAL }).settings.manifestSigningKey).toBeNull();
  });

  test('of another kind is a fault', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const other = rsa.export({ format: 'pem', type: 'pkcs8' }).toString();
    expect(faultLines({ env: { ...MINIMAL, MANIFEST_SIGNING_KEY: other } })).toHaveLength(1);
  });
});

describe('the keys before it', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const x = String(publicKey.export({ format: 'jwk' }).x);
  const listOf = (pem: string) =>
    `manifests:\n  previousKeys:\n    - |\n${pem.trim().replace(/^/gm, '      ')}\n`;

  test('are read as the x of a JWK and as PEM', () => {
    expect(loaded({ env: MINIMAL }).settings.manifestPreviousKeys).toEqual([]);
    const pem = publicKey.export({ format: 'pem', type: 'spki' }).toString();
    for (const yaml of [`manifests: { previousKeys: [${x}] }`, listOf(pem)]) {
      expect(loaded({ env: MINIMAL, yaml }).settings.manifestPreviousKeys).toEqual([x]);
    }
  });

  test('that are private, of another kind or no keys are faults, and none is shown', () => {
    const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey;
    const other = rsa.export({ format: 'pem', type: 'spki' }).toString();
    for (const yaml of [listOf(pem), listOf(other), 'manifests: { previousKeys: [no-key] }']) {
      const lines = faultLines({ env: MINIMAL, yaml });
      expect(lines).toHaveLength(1);
      expect(lines[0]).not.toContain(pem.split('\n')[1]);
    }
    expect(faultLines({ env: MINIMAL, yaml: listOf(pem) })[0]).toContain('openssl pkey -pubout');
  });
});
