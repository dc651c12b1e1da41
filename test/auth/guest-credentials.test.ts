import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createGuestCredentials } from '../../src/auth/guest-credentials.ts';
import { createEndedSessions } from '../../src/ops/ended-sessions.ts';
import { createOperatorSessions } from '../../src/ops/operator-sessions.ts';

const NOW_MS = Date.parse('2026-11-20T21:00:00.123Z');
const DAY_MS = 86_400_000;
const SECRETS = { current: 'cookie-secret', previous: null };

function create(secrets: { current: string; previous: string | null } = SECRETS) {
  return createGuestCredentials({ secrets, className: 'guest', rememberedMax: 100 });
}

const credentials = create();
const { id: ID, credential: CREDENTIAL } = credentials.issue(null, 'default', NOW_MS);

test('a credential names the same guest in every process that knows the secret', () => {
  expect(ID).toMatch(/^g_[0-9a-f]{32}$/);
  const guest = {
    id: ID,
    issuedAt: Math.floor(NOW_MS / 1000),
    stale: false,
    caller: {
      issuer: 'mau-guard:guest:default',
      subject: ID,
      className: 'guest',
      tenant: null,
      display: null,
      via: 'guest',
    },
  };
  expect(credentials.open(CREDENTIAL, 'default', NOW_MS)).toEqual(guest);
  expect(create().open(CREDENTIAL, 'default', NOW_MS)).toEqual(guest);
});

test('the caller is the same frozen object each time, so that what others remember of it is found', () => {
  const open = () => credentials.open(CREDENTIAL, 'default', NOW_MS);
  const [first, second] = [open(), open()];
  if (typeof first === 'string' || typeof second === 'string') throw new Error('not opened');
  expect(first.caller).toBe(second.caller);
  expect(Object.isFrozen(first.caller)).toBe(true);
});

test('no two new guests are the same', () => {
  const ids = Array.from({ length: 1_000 }, () => credentials.issue(null, 'default', NOW_MS).id);
  expect(new Set(ids).size).toBe(1_000);
});

test('one made anew for a guest names that guest', () => {
  const { credential } = credentials.issue(ID, 'default', NOW_MS + 5 * DAY_MS);
  expect(credential).not.toBe(CREDENTIAL);
  expect(credentials.open(credential, 'default', NOW_MS + 5 * DAY_MS)).toMatchObject({
    id: ID,
    stale: false,
  });
});

test.each(['', 'eve', `g_${'0'.repeat(31)}`, `g_${'0'.repeat(32)}.x`])('none is made for %j', (id) => {
  expect(() => credentials.issue(id, 'default', NOW_MS)).toThrow('not the id of a guest');
});

describe('time', () => {
  test.each([
    ['at once', 0, { stale: false }],
    ['after a day', DAY_MS, { stale: false }],
    ['after more than a day', DAY_MS + 1_000, { stale: true }],
    ['in the last second', 400 * DAY_MS - 1_000, { stale: true }],
    ['after 400 days', 400 * DAY_MS, 'expired'],
    ['made by a clock a day ahead', -DAY_MS, { stale: false }],
    ['made by a clock that is years ahead', -DAY_MS - 1_000, 'guest-credential'],
  ])('%s', (_name, ageMs, expected) => {
    const opened = credentials.open(CREDENTIAL, 'default', NOW_MS + ageMs);
    if (typeof expected === 'string') expect(opened).toBe(expected);
    else expect(opened).toMatchObject({ id: ID, ...expected });
  });
});

describe('secrets', () => {
  test('the previous one still verifies, and what it signed ought to be replaced', () => {
    const rotated = create({ current: 'new-secret', previous: 'cookie-secret' });
    expect(rotated.open(CREDENTIAL, 'default', NOW_MS)).toMatchObject({ id: ID, stale: true });
    expect(rotated.open(CREDENTIAL, 'default', NOW_MS)).toMatchObject({ id: ID, stale: true });
  });

  test('one before that does not', () => {
    const rotated = create({ current: 'newest-secret', previous: 'new-secret' });
    expect(rotated.open(CREDENTIAL, 'default', NOW_MS)).toBe('guest-credential');
  });

  test('what else is signed with the same secret is no guest, and the other way round', async () => {
    const sessions = createOperatorSessions({
      secrets: SECRETS,
      ended: createEndedSessions({ now: () => NOW_MS }),
      grantOf: () => 'known',
    });
    const session = sessions.seal({ name: 'anna', role: 'admin' }, 'key', NOW_MS);
    expect(credentials.open(session, 'default', NOW_MS)).toBe('guest-credential');
    expect(await sessions.open(CREDENTIAL, NOW_MS)).toBeNull();
    const [payload, signature] = [CREDENTIAL.slice(0, -44), CREDENTIAL.slice(-43)];
    expect(await sessions.open(`${payload.replaceAll('.', '_')}.${signature}`, NOW_MS)).toBeNull();
  });
});

describe('another service', () => {
  test('is not served', () => {
    expect(credentials.open(CREDENTIAL, 'shop', NOW_MS)).toBe('guest-credential');
  });

  test('is not served after a change of the name in the text', () => {
    const swapped = CREDENTIAL.replace('.default.', '.shop.');
    expect(credentials.open(swapped, 'shop', NOW_MS)).toBe('guest-credential');
    expect(credentials.open(swapped, 'default', NOW_MS)).toBe('guest-credential');
  });

  test('sees the same id as another person', () => {
    const { credential } = credentials.issue(ID, 'shop', NOW_MS);
    expect(credentials.open(credential, 'shop', NOW_MS)).toMatchObject({
      caller: { issuer: 'mau-guard:guest:shop' },
    });
  });
});

describe('a forged credential', () => {
  const other = credentials.issue(null, 'default', NOW_MS);
  const part = (credential: string, at: number) => credential.split('.')[at] as string;

  test.each<[string, string]>([
    ['empty', ''],
    ['no credential', 'g'],
    ['without a signature', CREDENTIAL.slice(0, -44)],
    ['with an empty signature', CREDENTIAL.slice(0, -43)],
    ['with the signature of another guest', `${CREDENTIAL.slice(0, -43)}${other.credential.slice(-43)}`],
    ['with the id of another guest', CREDENTIAL.replace(ID, other.id)],
    ['prolonged', CREDENTIAL.replace(`.${part(CREDENTIAL, 3)}.`, '.zzzzzz.')],
    ['of a version to come', `2${CREDENTIAL.slice(1)}`],
    ['in upper case', CREDENTIAL.toUpperCase()],
    ['with a space', ` ${CREDENTIAL}`],
    ['with a line break', `${CREDENTIAL}\n`],
    ['with more behind it', `${CREDENTIAL}.x`],
    ['endless', CREDENTIAL.repeat(10_000)],
    ['of other letters', 'é'.repeat(43)],
  ])('that is %s names nobody', (_name, forged) => {
    expect(credentials.open(forged, 'default', NOW_MS)).toBe('guest-credential');
  });

  test('that differs in any character names nobody', () => {
    const alphabet = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~';
    fc.assert(
      fc.property(fc.nat({ max: CREDENTIAL.length - 1 }), fc.constantFrom(...alphabet), (at, character) => {
        fc.pre(CREDENTIAL[at] !== character);
        const changed = CREDENTIAL.slice(0, at) + character + CREDENTIAL.slice(at + 1);
        expect(create().open(changed, 'default', NOW_MS)).toBe('guest-credential');
      }),
    );
  });

  test('of any text names nobody and throws nothing', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' })), (text) => {
        expect(credentials.open(text, 'default', NOW_MS)).toBe('guest-credential');
      }),
    );
  });
});
