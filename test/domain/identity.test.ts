import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { findIdentityFault, IDENTITY_LENGTH_MAX, parseIdentity } from '../../src/domain/identity.ts';

const HEX_32 = '0123456789abcdef'.repeat(2);

describe('parseIdentity', () => {
  test.each([
    'a',
    'm_01jd5z7w8v9x2y3t4r5s6q7p8n',
    'Ada.Lovelace-1~x',
    'ada+chat@example.com',
    '0',
    'x'.repeat(IDENTITY_LENGTH_MAX),
    // Near to a User SID, and none.
    `US${HEX_32}0`,
    `US${HEX_32.slice(1)}`,
    `us${HEX_32}`,
    `US${HEX_32.toUpperCase()}`,
    `xUS${HEX_32}`,
    `AC${HEX_32}`,
  ])('keeps %s as it is', (text) => {
    expect(parseIdentity(text)).toBe(text);
    expect(findIdentityFault(text)).toBeNull();
  });

  test.each([
    ['', 'empty'],
    ['x'.repeat(IDENTITY_LENGTH_MAX + 1), 'too-long'],
    ['ada lovelace', 'alphabet'],
    ['ada:example', 'alphabet'],
    ['ada/lovelace', 'alphabet'],
    ['ada%20', 'alphabet'],
    ['ada"', 'alphabet'],
    ['ada\\', 'alphabet'],
    ['ada\n', 'alphabet'],
    ['\nada', 'alphabet'],
    ['ad\u0000a', 'alphabet'],
    ['adä', 'alphabet'],
    ['😀', 'alphabet'],
    ['ada=1', 'alphabet'],
    ['auth0|ada', 'alphabet'],
    [`US${HEX_32}`, 'looks-like-user-sid'],
  ])('refuses %j: %s', (text, fault) => {
    expect(findIdentityFault(text)).toBe(fault);
    expect(parseIdentity(text)).toBeNull();
  });

  test('what it lets pass needs no escaping in a URL path nor in JSON', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const identity = parseIdentity(text);
        if (identity === null) return;
        expect(encodeURIComponent(identity)).toBe(identity);
        expect(JSON.stringify(identity)).toBe(`"${identity}"`);
        expect(identity.length).toBeLessThanOrEqual(256);
      }),
    );
  });
});
