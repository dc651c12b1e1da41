import { expect, it } from '@jest/globals';
import { nameOperator } from '../../src/auth/operator-name.ts';

it.each([
  ['an address', ['ann@example.com', 's1'], 'oidc:ann@example.com'],
  ['a name of another alphabet', ['李雷', 's1'], 'oidc:%E6%9D%8E%E9%9B%B7'],
  ['a percent sign, so that no two names are spelled alike', ['50%', 's1'], 'oidc:50%25'],
  ['a line end', ['ann\nadmin', 's1'], 'oidc:ann%0Aadmin'],
  ['the next claim instead of an empty one', ['  ', 's1'], 'oidc:s1'],
  ['the next claim instead of an object', [{ a: 1 }, 's1'], 'oidc:s1'],
  ['the next claim instead of a list', [['ann'], 's1'], 'oidc:s1'],
  ['the next claim instead of none', [undefined, 's1'], 'oidc:s1'],
  ['a number', [4711, 's1'], 'oidc:4711'],
])('takes %s', (_what, claims, name) => expect(nameOperator(...claims)).toBe(name));

it('tells long names apart', () => {
  const long = 'x'.repeat(200);
  const names = [nameOperator(`${long}1`), nameOperator(`${long}2`), nameOperator('李'.repeat(60))];
  expect(new Set(names).size).toBe(3);
  for (const name of names) expect(name).toMatch(/^oidc:[\x20-\x7e]{123}$/);
  expect(nameOperator(`${long}1`)).toBe(names[0]);
});
