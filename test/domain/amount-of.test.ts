import { expect, test } from '@jest/globals';
import { amountOf } from '../../src/domain/amount-of.ts';

test.each<[number, string, string | undefined, string]>([
  [0, 'identity', 'identities', '0 identities'],
  [1, 'identity', 'identities', '1 identity'],
  [2_000, 'identity', 'identities', '2,000 identities'],
  [1, 'row', undefined, '1 row'],
  [3, 'row', undefined, '3 rows'],
])('%i of %s', (count, one, many, text) => {
  expect(amountOf(count, one, many)).toBe(text);
});
