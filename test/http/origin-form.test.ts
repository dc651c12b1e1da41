import { expect, test } from '@jest/globals';
import { originForm } from '../../src/http/origin-form.ts';

test.each([
  ['/v1/tokens?x=1', '/v1/tokens?x=1'],
  ['//evil.example/x', '//evil.example/x'],
  ['http://evil.example/v1/tokens?x=1', '/v1/tokens?x=1'],
  ['https://user@evil.example', '/'],
  ['*', '/*'],
  ['foo://bar', '/foo%3A%2F%2Fbar'],
  ['http://[::1', '/http%3A%2F%2F%5B%3A%3A1'],
  ['', '/'],
])('%j is %j', (target, path) => {
  expect(originForm(target)).toBe(path);
});
