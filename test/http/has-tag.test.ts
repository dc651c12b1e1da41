import { expect, test } from '@jest/globals';
import { hasTag } from '../../src/http/has-tag.ts';

test.each<[string | undefined, boolean]>([
  [undefined, false],
  ['', false],
  ['*', true],
  ['W/"a"', true],
  ['"a"', true],
  ['"b", W/"a"', true],
  ['W/"b","c"', false],
  ['a', false],
  ['W/"aa"', false],
  [`${'"b",'.repeat(1_000)}"a"`, true],
])('%j', (header, expected) => {
  expect(hasTag(header, 'W/"a"')).toBe(expected);
});
