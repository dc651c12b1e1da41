// Only the ledger on Redis reads answers of a script.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { monthStartSeconds } from '../../../../src/domain/month.ts';
import type { AdmitRequest } from '../../../../src/ledger/ledger.ts';
import {
  type AdmitAnswer,
  type AdmitReply,
  readAdmitReply,
} from '../../../../src/ledger/redis/admission/admit-reply.ts';
import { identityOf, monthNamed } from '../../contract/builders.ts';
import { identities, numberUpTo, U24_MAX, U32_MAX } from './packing-kit.ts';

const MONTH = monthNamed('2026-11');
const STARTS = monthStartSeconds(MONTH);
const AT = STARTS + 3_600;

function requestOf(person: string): AdmitRequest {
  return {
    ...{ service: 'default' as never, identity: identityOf(person), className: 'member', tenant: 'acme' },
    ...{ intent: 'open_chat', rule: 'some-rule', policyMark: 1 },
    ...{ knownOnly: false, needsReason: false, hidden: false },
    life: { issuedAt: AT, expiresAt: AT + 3_600, month: MONTH, otherMonth: null },
  };
}

const PEOPLE = Array.from({ length: 64 }, (_, number) => `person-${number}`);
const REQUESTS = PEOPLE.map(requestOf);
const EFFECTIVE = REQUESTS.map(({ identity }) => identity);

/** The reply as it comes, whatever it is. */
function read(reply: unknown, count: number): AdmitAnswer[] {
  return readAdmitReply(reply as AdmitReply, REQUESTS.slice(0, count), EFFECTIVE.slice(0, count));
}

/** A decision of the script: its letter, its text, and what has to be made of it. */
type Decision = { letter: string; text: string | null; isMint: boolean; answer: Record<string, unknown> };

const number = numberUpTo(U32_MAX);
const decisions: fc.Arbitrary<Decision> = fc.oneof(
  fc.constantFrom('known', 'new').map((outcome) => ({
    ...{ letter: outcome === 'known' ? 'k' : 'n', text: null, isMint: true },
    answer: { outcome, expiresAt: AT + 3_600 },
  })),
  fc.tuple(fc.constantFrom('known', 'new'), numberUpTo(U24_MAX)).map(([outcome, life]) => ({
    ...{ letter: 'o', text: `${outcome} ${life}`, isMint: true },
    answer: { outcome, expiresAt: AT + life },
  })),
  fc.tuple(number, numberUpTo(U24_MAX), numberUpTo(U24_MAX)).map(([ordinal, issued, life]) => ({
    ...{ letter: 'o', text: `reuse ${ordinal} ${issued} ${life}`, isMint: false },
    answer: { outcome: 'reuse', ordinal, issuedAt: STARTS + issued, expiresAt: STARTS + issued + life },
  })),
  identities.map((identity) => ({
    ...{ letter: 'o', text: `moved ${identity}`, isMint: false, answer: { movedTo: identity } },
  })),
  fc
    .tuple(number, number, number, fc.constantFrom('all', 'class:255', 'tenant:16777215', 'new-per-hour'))
    .map(([limit, used, reserved, scope]) => ({
      ...{ letter: 'o', text: `mau-budget-exhausted 2026-11 ${limit} ${used} ${reserved} ${scope}` },
      ...{ isMint: false, answer: { outcome: 'refused', code: 'mau-budget-exhausted', limit, used } },
    })),
  fc.constantFrom(
    ...(
      [
        ['adopted', 'unauthenticated'],
        ['identity-blocked', 'identity-blocked'],
        ['lazy-connect-required', 'lazy-connect-required'],
        ['no-reason-to-connect', 'no-reason-to-connect'],
        ['new-identities-frozen 2026-11-20T09:00:00Z', 'new-identities-frozen'],
      ] as const
    ).map(([text, code]) => ({ letter: 'o', text, isMint: false, answer: { outcome: 'refused', code } })),
  ),
);

test('whatever the script decides is told of whom it is about, and mints count on from the last one', () => {
  const replies = fc.tuple(number, fc.array(decisions, { minLength: 1, maxLength: 64 }));
  fc.assert(
    fc.property(replies, ([before, told]) => {
      const letters = told.map(({ letter }) => letter).join('');
      const texts = told.flatMap(({ text }) => (text === null ? [] : [text]));
      const answers = read([before, letters, ...texts], told.length);
      let ordinal = before;
      for (const [position, { isMint, answer }] of told.entries()) {
        if (isMint) ordinal += 1;
        const mint = isMint ? { ordinal, identity: EFFECTIVE[position], issuedAt: AT, month: MONTH } : {};
        expect(answers[position]).toMatchObject({ ...answer, ...mint });
      }
    }),
  );
});

test('a number alone is that of the last mint before those of people who are all known', () => {
  fc.assert(
    fc.property(number, fc.integer({ min: 1, max: 64 }), (before, count) => {
      expect(read(before, count)).toEqual(
        EFFECTIVE.slice(0, count).map((identity, position) => ({
          ...{ outcome: 'known', identity, issuedAt: AT, expiresAt: AT + 3_600, month: MONTH },
          ordinal: before + position + 1,
        })),
      );
    }),
  );
});

test.each<[string, unknown]>([
  ['a letter too few', [7, 'k']],
  ['a letter too many', [7, 'kkk']],
  ['a letter that there is not', [7, 'kx']],
  ['a text too few', [7, 'ko']],
  ['a text too many', [7, 'kk', 'identity-blocked']],
  ['a decision that there is not', [7, 'ko', 'perhaps']],
  ['no number before', [null, 'kk']],
  ['a text before', ['seven', 'kk']],
  ['half a mint before', [7.5, 'kk']],
  ['less than nothing before', [-1, 'kk']],
  ['nothing but a number', [7]],
  ['nothing', []],
  ['nothing for letters', [7, null]],
  ['less than nothing alone', -1],
  ['half a mint alone', 7.5],
  ['a life that is none', [7, 'ko', 'known soon']],
  ['a life below nothing', [7, 'ko', 'new -60']],
  ['a token without its life', [7, 'ko', 'reuse 3 100']],
  ['a token without anything', [7, 'ko', 'reuse']],
  ['a token of no ordinal', [7, 'ko', 'reuse x 100 3600']],
  ['a move to nobody', [7, 'ko', 'moved']],
  ['a move to an empty identity', [7, 'ko', 'moved ']],
  ['a move to what is no identity', [7, 'ko', 'moved two words']],
  ['a freeze since nothing', [7, 'ko', 'new-identities-frozen']],
  ['a limit without numbers', [7, 'ko', 'mau-budget-exhausted 2026-11']],
  ['a limit that is no number', [7, 'ko', 'mau-budget-exhausted 2026-11 many 5 0 all']],
  ['a limit of no month', [7, 'ko', 'mau-budget-exhausted 2026-13 5 5 0 all']],
])('%s is an error, and never an answer to anybody', (_, reply) => {
  expect(() => read(reply, 2)).toThrow(/^the ledger answered /);
});

test('whatever else comes is an error, or an answer of whole numbers to everybody', () => {
  const word = fc.oneof(
    fc.constantFrom('known', 'new', 'reuse', 'held', 'moved', 'adopted', 'mau-budget-exhausted', '2026-11'),
    fc.constantFrom('', '-1', '1e9', 'NaN', '0x10', '1.5', 'all', 'class:1', 'ann', '9'.repeat(30)),
    fc.nat(99).map(String),
  );
  const texts = fc.array(
    fc.array(word, { maxLength: 7 }).map((words) => words.join(' ')),
    { maxLength: 4 },
  );
  const letters = fc.string({ unit: fc.constantFrom('k', 'n', 'o', 'x'), maxLength: 4 });
  const before = fc.oneof(fc.nat(), fc.constantFrom(null, undefined, 'x', -1, 0.5, Number.NaN, {}));
  fc.assert(
    fc.property(
      fc.tuple(before, letters, texts, fc.integer({ min: 1, max: 4 })),
      ([first, given, rest, count]) => {
        let answers: AdmitAnswer[];
        try {
          answers = read([first, given, ...rest], count);
        } catch (error) {
          expect(String(error)).toMatch(/the ledger answered/);
          return;
        }
        expect(answers).toHaveLength(count);
        for (const answer of answers) {
          if (answer === 'held') continue;
          for (const value of Object.values(answer)) {
            if (typeof value === 'number')
              expect([value, Number.isSafeInteger(value)]).toEqual([value, true]);
            else expect(value).toBeDefined();
          }
        }
      },
    ),
    { numRuns: 2_000 },
  );
});
