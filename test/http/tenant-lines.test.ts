import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readTenantLines, writeTenantLines } from '../../src/http/routes/tenant-lines.ts';

it.each([
  ['', {}],
  [' \r\n\r\n', {}],
  ['acme = 50', { acme: 50 }],
  ['acme=5,000\r\n* = 20\r\na=b = 0', { acme: 5000, '*': 20, 'a=b': 0 }],
])('%j is read', (text, found) => {
  expect(readTenantLines(text, { gone: 1 })).toEqual({ limits: found });
});

it.each([
  ['acme', 'tenants: line 1 must be a name = a number.'],
  ['ok = 1\nacme = many', 'tenants: line 2 must be a name = a number.'],
  ['= 5', 'tenants: line 1 must be a name = a number.'],
  ['acme = -1', 'tenants: line 1 must be a name = a number.'],
  ['__proto__ = 3', 'tenants: line 1 names __proto__, which cannot be kept.'],
  ['acme = 1\n acme = 2', 'tenants: line 2 names acme once more.'],
])('%j is turned down', (text, fault) => {
  expect(readTenantLines(text, {})).toEqual({ faults: [fault] });
});

it('leaves what was not touched as it is, whatever the names are', () => {
  const name = fc.string({ minLength: 1, maxLength: 128 }).filter((text) => !/[\p{Cc}]/u.test(text));
  fc.assert(
    fc.property(fc.dictionary(name, fc.nat(1_000_000_000), { noNullPrototype: true }), (present) => {
      // A browser sends line ends so.
      const sent = writeTenantLines(present).replaceAll('\n', '\r\n');
      expect(readTenantLines(sent, present)).toEqual({ limits: present });
    }),
  );
});
