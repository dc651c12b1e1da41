import { describe, expect, test } from '@jest/globals';
import { createDemoBearerSource, createDemoLogins } from '../../src/demo/demo-people.ts';

function loginsOf(word: string) {
  let made = 0;
  return createDemoLogins(() => `${word}${++made}`);
}

describe('demo logins', () => {
  test('are ada, grace and linus, each with a token of their own', () => {
    expect(loginsOf('random-')).toEqual([
      { name: 'ada', className: 'member', token: 'demo-ada-random-1' },
      { name: 'grace', className: 'member', token: 'demo-grace-random-2' },
      { name: 'linus', className: 'agent', token: 'demo-linus-random-3' },
    ]);
  });

  test('are found by their whole token and by nothing else', () => {
    const [ada] = loginsOf('random-');
    const source = createDemoBearerSource(loginsOf('random-'));
    expect(source(ada!.token)).toEqual({
      issuer: 'demo',
      subject: 'ada',
      className: 'member',
      tenant: null,
      display: 'ada',
      via: 'bearer',
    });
    for (const stranger of [
      '',
      'ada',
      'demo-ada-',
      'demo-ada-random-2',
      `${ada!.token} `,
      ada!.token.toUpperCase(),
    ]) {
      expect(source(stranger)).toBeUndefined();
    }
  });

  test('of an earlier start are void', () => {
    const [earlier] = loginsOf('first-');
    expect(createDemoBearerSource(loginsOf('second-'))(earlier!.token)).toBeUndefined();
  });

  test('give the same frozen caller each time, so that what is remembered of it stays found', () => {
    const [ada] = loginsOf('random-');
    const source = createDemoBearerSource(loginsOf('random-'));
    expect(source(ada!.token)).toBe(source(ada!.token));
    expect(Object.isFrozen(source(ada!.token))).toBe(true);
  });
});
