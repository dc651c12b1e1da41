import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { findPrototypeMembers } from '../../src/domain/prototype-members.ts';

test.each<[string, (string | number)[][]]>([
  ['{"__proto__":1}', [['__proto__']]],
  ['{"tenants":{"a":1,"__proto__":2}}', [['tenants', '__proto__']]],
  ['[{"a":{"__proto__":{}}}]', [[0, 'a', '__proto__']]],
  ['{"constructor":{"prototype":1}}', []],
  ['{"a":"__proto__"}', []],
  ['["__proto__"]', []],
  ['null', []],
  ['7', []],
])('%s', (json, expected) => {
  expect(findPrototypeMembers(JSON.parse(json))).toEqual(expected);
});

test('input that nests deeper than any stack', () => {
  const depth = 200_000;
  const json = `${'{"a":'.repeat(depth)}{"__proto__":1}${'}'.repeat(depth)}`;
  expect(findPrototypeMembers(JSON.parse(json))).toEqual([[...Array(depth).fill('a'), '__proto__']]);
});

test('of any JSON it finds as many as a parser has seen', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 5 }), (json) => {
      let seen = 0;
      JSON.parse(json, (key, value) => {
        if (key === '__proto__') seen += 1;
        return value;
      });
      // Within one that was found nothing further is looked for.
      expect(findPrototypeMembers(JSON.parse(json)).length).toBeLessThanOrEqual(seen);
      expect(findPrototypeMembers(JSON.parse(json)).length > 0).toBe(seen > 0);
    }),
  );
});
