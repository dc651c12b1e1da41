import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Caller } from '../../src/domain/caller.ts';
import {
  createIdentityResolver,
  type IdentityOptions,
  normaliseSubject,
  type Person,
} from '../../src/issue/resolve-identity.ts';

const OPTIONS: IdentityOptions = {
  strategy: 'opaque',
  secret: 'identity-secret-of-the-tests-0001',
  foldCase: false,
  prefixes: { member: 'm_', agent: 'a_' },
  rememberedMax: 100,
};

const ADA: Caller = {
  issuer: 'https://login.example.com/',
  subject: 'ada',
  className: 'member',
  tenant: null,
  display: 'Ada Lovelace',
  via: 'bearer',
};

function resolve(caller: Partial<Caller>, options: Partial<IdentityOptions> = {}): Person {
  const person = createIdentityResolver({ ...OPTIONS, ...options })({ ...ADA, ...caller });
  if (person.outcome === 'refused') throw new Error(person.detail);
  return person;
}

const identityOf = (caller: Partial<Caller>, options: Partial<IdentityOptions> = {}) =>
  resolve(caller, options).identity;

describe('an opaque identity', () => {
  test('is the same for good: identities already counted depend on these values', () => {
    expect(resolve({})).toEqual({
      outcome: 'resolved',
      identity: 'm_aBKreW5gBVaef4Jyrck3wS',
      kind: 'own',
      logReference: '93a48fb6b377',
      spread: 31_856,
    });
    expect(identityOf({ subject: 'Ünïcode|42' })).toBe('m_SwvMwUXo04gL3DONZGSuA2');
  });

  test('says nothing of the person', () => {
    const { identity, logReference } = resolve({ subject: 'ada.lovelace@example.com' });
    expect(identity).toMatch(/^m_[A-Za-z0-9_-]{22}$/);
    expect(logReference).toMatch(/^[0-9a-f]{12}$/);
    expect(Buffer.from(identity.slice(2), 'base64url').toString('hex')).not.toContain(logReference);
    expect(`${identity} ${logReference}`).not.toContain('ada');
  });

  test('follows from issuer and subject, not from how, where or as whom they show themselves', () => {
    const identity = identityOf({});
    expect(identityOf({ via: 'session', tenant: 'acme', display: null })).toBe(identity);
    expect(identityOf({ issuer: 'https://login.example.com' })).not.toBe(identity);
    expect(identityOf({ subject: 'grace' })).not.toBe(identity);
    expect(identityOf({}, { secret: 'identity-secret-of-the-tests-0002' })).not.toBe(identity);
  });

  test('begins with the prefix of the class, and with nothing for a class that has none', () => {
    expect(identityOf({ className: 'agent' })).toBe(identityOf({}).replace(/^m_/, 'a_'));
    expect(identityOf({ className: 'unheard-of' })).toBe(identityOf({}).replace(/^m_/, ''));
  });

  test.each([
    ['composed and decomposed', 'zo\u00eb', 'zoe\u0308'],
    ['full-width and plain', 'ａｄａ', 'ada'],
    ['a ligature and its letters', 'ﬁona', 'fiona'],
    ['blanks around', ' \u00a0ada\u3000', 'ada'],
  ])('%s are one spelling of one person', (_name, first, second) => {
    expect(first).not.toBe(second);
    expect(identityOf({ subject: first })).toBe(identityOf({ subject: second }));
  });

  test('upper and lower case are two people, unless the issuer does not tell them apart', () => {
    expect(identityOf({ subject: 'ADA' })).not.toBe(identityOf({ subject: 'ada' }));
    const foldCase = { foldCase: true };
    expect(identityOf({ subject: 'ADA' }, foldCase)).toBe(identityOf({ subject: 'ada' }, foldCase));
    expect(identityOf({ subject: 'ada' }, foldCase)).toBe(identityOf({ subject: 'ada' }));
  });

  test('blanks within a subject tell people apart', () => {
    expect(identityOf({ subject: 'a da' })).not.toBe(identityOf({ subject: 'ada' }));
    expect(identityOf({ subject: 'a  da' })).not.toBe(identityOf({ subject: 'a da' }));
  });

  test('no two pairs of issuer and subject share one', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '1', ':', '2', '/', '|'), maxLength: 6 });
    const pairs = fc.uniqueArray(
      fc.tuple(
        text,
        text.filter((each) => each !== ''),
      ),
      {
        selector: ([issuer, subject]) => JSON.stringify([issuer, subject]),
        minLength: 2,
        maxLength: 30,
      },
    );
    fc.assert(
      fc.property(pairs, (all) => {
        const people = all.map(([issuer, subject]) => resolve({ issuer, subject }));
        expect(new Set(people.map(({ identity }) => identity)).size).toBe(all.length);
        expect(new Set(people.map(({ logReference }) => logReference)).size).toBe(all.length);
      }),
      { numRuns: 300 },
    );
  });

  test('spreads people evenly over the seconds of a minute', () => {
    const seconds = new Array<number>(56).fill(0);
    for (let index = 0; index < 5_600; index++) {
      const { spread } = resolve({ subject: `person ${index}` });
      expect(spread).toBeGreaterThanOrEqual(0);
      expect(spread).toBeLessThanOrEqual(65_535);
      seconds[spread % 56]! += 1;
    }
    expect(Math.min(...seconds)).toBeGreaterThan(50);
    expect(Math.max(...seconds)).toBeLessThan(170);
  });
});

describe('an identity by claim', () => {
  const claim = { strategy: 'claim' as const };

  test('is the subject, without a prefix', () => {
    expect(identityOf({ subject: 'user-42.Ada' }, claim)).toBe('user-42.Ada');
    expect(identityOf({ subject: ' ADA ' }, { ...claim, foldCase: true })).toBe('ada');
  });

  test('has the same reference in the log as an opaque one: the subject is no business of the log', () => {
    expect(resolve({}, claim).logReference).toBe(resolve({}).logReference);
    expect(resolve({}, claim).spread).toBe(resolve({}).spread);
  });

  test.each([
    ['ada:example.com', 'alphabet'],
    ['auth0|ada', 'alphabet'],
    ['zoë', 'alphabet'],
    [`US${'0123456789abcdef'.repeat(2)}`, 'looks-like-user-sid'],
    ['x'.repeat(257), 'too-long'],
    ['\u3000', 'empty'],
  ])('%j is refused, because Twilio would: %s', (subject, fault) => {
    const answer = createIdentityResolver({ ...OPTIONS, ...claim })({ ...ADA, subject });
    expect(answer).toEqual({
      outcome: 'refused',
      code: 'unauthenticated',
      reason: 'identity',
      detail: expect.stringContaining(fault),
    });
    expect(JSON.stringify(answer)).not.toContain(subject);
  });
});

describe('the resolver', () => {
  test('resolves a caller object once, and a refusal too', () => {
    const opaque = createIdentityResolver(OPTIONS);
    const caller = { ...ADA };
    expect(opaque(caller)).toBe(opaque(caller));
    expect(opaque({ ...ADA })).not.toBe(opaque(caller));
    expect(opaque({ ...ADA })).toEqual(opaque(caller));

    const claim = createIdentityResolver({ ...OPTIONS, strategy: 'claim' });
    const odd = { ...ADA, subject: 'a b' };
    expect(claim(odd)).toBe(claim(odd));
  });

  test('holds on to no caller: the very same one has another person under another secret', () => {
    const other = createIdentityResolver({ ...OPTIONS, secret: 'identity-secret-of-the-tests-0002' });
    expect(other(ADA)).not.toEqual(createIdentityResolver(OPTIONS)(ADA));
  });
});

describe('normaliseSubject', () => {
  test('changes nothing that it has changed already', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (text, foldCase) => {
        const once = normaliseSubject(text, foldCase);
        expect(normaliseSubject(once, foldCase)).toBe(once);
      }),
      { numRuns: 2_000 },
    );
  });

  test('still composes what only lower case brings together', () => {
    // GREEK CAPITAL ALPHA WITH TONOS has no composed form with an iota below; its small letter has one.
    const capital = '\u0386\u0345';
    const small = '\u1fb4';
    expect(capital.toLowerCase().normalize('NFKC')).toBe(small);
    expect(normaliseSubject(capital, true)).toBe(small);
    expect(normaliseSubject(small, true)).toBe(small);
  });
});

describe('a pool', () => {
  const pooled = { prefixes: { ...OPTIONS.prefixes, test: 't_' }, pools: { test: 3 } };
  const callerOf = (subject: string) => ({ subject, className: 'test' });

  test('gives its class so many identities and no more, each caller always the same', () => {
    const seen = new Set<string>();
    for (let index = 0; index < 200; index += 1) {
      const one = identityOf(callerOf(`run-${index}`), pooled);
      expect(identityOf(callerOf(`run-${index}`), pooled)).toBe(one);
      seen.add(one);
    }
    expect([...seen].sort()).toEqual(['t_pool_0', 't_pool_1', 't_pool_2']);
  });

  test('is said of whoever is in it, and callers stay apart in the log', () => {
    const [one, other] = ['run-1', 'run-2'].map((subject) => resolve(callerOf(subject), pooled));
    expect(one).toMatchObject({ kind: 'pool' });
    expect(one?.logReference).not.toBe(other?.logReference);
    expect(resolve({}, pooled).kind).toBe('own');
  });

  test('is for its class only', () => {
    expect(identityOf({}, pooled)).toBe(identityOf({}));
  });

  test('holds with subjects as identities too, and nobody else can be named like one of it', () => {
    const claim = { ...pooled, strategy: 'claim' } as const;
    expect(identityOf(callerOf('run-1'), claim)).toMatch(/^t_pool_[012]$/);
    expect(identityOf({ subject: 't_pool_3' }, claim)).toBe('t_pool_3');
    const answer = createIdentityResolver({ ...OPTIONS, ...claim })({ ...ADA, subject: 't_pool_2' });
    expect(answer).toMatchObject({ outcome: 'refused', code: 'unauthenticated', reason: 'identity' });
  });
});
