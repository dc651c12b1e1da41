import { describe, expect, test } from '@jest/globals';
import { createGuestCookie } from '../../src/auth/guest-cookie.ts';
import { createGuestCredentials } from '../../src/auth/guest-credentials.ts';

const credentials = createGuestCredentials({
  secrets: { current: 'cookie-secret', previous: null },
  className: 'guest',
  rememberedMax: 10,
});
const make = (service: string) => credentials.issue(null, service, 0).credential;
const [A, A2, B] = [make('default'), make('default'), make('shop')];

const cookie = createGuestCookie(true);
const NAME = '__Host-mg_guest';

describe('the name', () => {
  test.each([
    [true, '__Host-mg_guest', 'mg_guest'],
    [false, 'mg_guest', '__Host-mg_guest'],
  ])('with https: %s is %s, and the other one is not read', (hostBound, own, other) => {
    const { name, find } = createGuestCookie(hostBound);
    expect(name).toBe(own);
    expect(find(`${own}=${A}`, 'default')).toBe(A);
    expect(find(`${other}=${A}`, 'default')).toBeUndefined();
    expect(find(`${other}=${A2}; ${own}=${A}`, 'default')).toBe(A);
  });
});

describe('finding a credential', () => {
  test.each<[string, string | undefined, string | undefined]>([
    ['no cookies', undefined, undefined],
    ['others only', 'a=b; c=d', undefined],
    ['an empty one', `${NAME}=`, undefined],
    ['the service’s', `a=b; ${NAME}=${A}`, A],
    ['another service’s', `${NAME}=${B}`, undefined],
    ['both', `${NAME}=${B}~${A}`, A],
    ['nonsense, which is refused rather than passed over', `${NAME}=g`, 'g'],
    ['nonsense beside the service’s', `${NAME}=g~${A}`, A],
    ['more than is ours', `${NAME}=${'x'.repeat(2_049)}`, undefined],
    ['a hundred', `${NAME}=${Array(100).fill('x').join('~')}`, 'x'],
  ])('in %s', (_name, header, expected) => {
    expect(cookie.find(header, 'default')).toBe(expected);
  });
});

describe('putting a credential in', () => {
  test.each<[string, string | undefined, string]>([
    ['nothing', undefined, A2],
    ['the same service’s', `${NAME}=${A}`, A2],
    ['another service’s', `${NAME}=${B}`, `${A2}~${B}`],
    ['both', `${NAME}=${A}~${B}`, `${A2}~${B}`],
    ['nonsense', `${NAME}=g~~${B}`, `${A2}~${B}`],
  ])('beside %s', (_name, header, expected) => {
    expect(cookie.put(header, 'default', A2)).toBe(expected);
  });

  test('beside eight others gives up the one longest unchanged', () => {
    let value = '';
    const all = Array.from({ length: 9 }, (_, number) => make(`service-${number}`));
    for (const [number, credential] of all.entries()) {
      value = cookie.put(value === '' ? undefined : `${NAME}=${value}`, `service-${number}`, credential);
    }
    expect(value.split('~')).toEqual(all.slice(1).reverse());
    expect(value.length).toBeLessThan(2_048);
  });
});

describe('taking a credential out', () => {
  test.each<[string, string | undefined, string | null]>([
    ['nothing', undefined, null],
    ['it alone', `${NAME}=${A}`, null],
    ['it and nonsense', `${NAME}=${A}~g`, null],
    ['another service’s too', `${NAME}=${A}~${B}`, B],
  ])('of %s', (_name, header, expected) => {
    expect(cookie.drop(header, 'default')).toBe(expected);
  });
});
