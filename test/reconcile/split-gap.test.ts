import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type PossibleCause, splitGap } from '../../src/reconcile/split-gap.ts';

const CAUSES = [
  ...(['never-connected', 'other-services', 'rest-created', 'addresses', 'silent-participants'] as const),
  ...(['disputed-acts', 'rest-only', 'silent-connections', 'late-data'] as const),
];

function possible(identities: Partial<Record<PossibleCause['cause'], number>>): PossibleCause[] {
  return CAUSES.map((cause) => ({
    cause,
    side: cause === 'other-services' || cause === 'rest-created' ? 'twilio' : 'ledger',
    identities: identities[cause] ?? 0,
  }));
}

const anyPossible = fc
  .record(Object.fromEntries(CAUSES.map((cause) => [cause, fc.nat(500)])))
  .map((identities) => possible(identities as Record<PossibleCause['cause'], number>));

describe('a gap', () => {
  it('of nothing has no causes', () => {
    expect(splitGap(0, possible({ 'never-connected': 5 }))).toEqual([]);
  });

  it.each([
    [-40, { 'never-connected': 40, addresses: 7 }, ['never-connected', -40]],
    [-7, { 'never-connected': 40, addresses: 7 }, ['addresses', -7]],
    [13, { 'other-services': 13, 'never-connected': 40 }, ['other-services', 13]],
  ])('of %i is that of the one cause that is as large', (gap, identities, [cause, share]) => {
    expect(splitGap(gap, possible(identities))).toEqual([{ cause, identities: share, certainty: 'exact' }]);
  });

  it('may have causes on both sides, which are named when they add up', () => {
    expect(splitGap(-27, possible({ 'never-connected': 40, 'other-services': 13, addresses: 9 }))).toEqual([
      { cause: 'never-connected', identities: -40, certainty: 'exact' },
      { cause: 'other-services', identities: 13, certainty: 'exact' },
    ]);
  });

  it('prefers what there is the least doubt about', () => {
    const causes = possible({ 'never-connected': 5, 'silent-participants': 5, addresses: 3, 'rest-only': 2 });
    expect(splitGap(-5, causes)).toEqual([{ cause: 'never-connected', identities: -5, certainty: 'exact' }]);
    const late = possible({ 'late-data': 2, addresses: 2 });
    expect(splitGap(-2, late)).toMatchObject([{ cause: 'late-data' }]);
    const named = possible({ 'never-connected': 4, 'rest-created': 3, 'silent-participants': 1 });
    expect(splitGap(-1, named)).toMatchObject([
      { cause: 'rest-created', identities: 3 },
      { cause: 'never-connected', identities: -4 },
    ]);
  });

  it('that nothing adds up to is filled with what is possible, the rest unknown', () => {
    expect(splitGap(-50, possible({ 'never-connected': 40, addresses: 7 }))).toEqual([
      { cause: 'never-connected', identities: -40, certainty: 'possible' },
      { cause: 'addresses', identities: -7, certainty: 'possible' },
      { cause: 'unknown', identities: -3, certainty: 'unexplained' },
    ]);
    expect(splitGap(20, possible({ 'never-connected': 40 }))).toEqual([
      { cause: 'unknown', identities: 20, certainty: 'unexplained' },
    ]);
    expect(splitGap(-3, possible({ 'never-connected': 40 }))).toEqual([
      { cause: 'never-connected', identities: -3, certainty: 'possible' },
    ]);
  });

  it('is always the sum of its shares, none larger than its cause allows', () => {
    fc.assert(
      fc.property(fc.integer({ min: -3_000, max: 3_000 }), anyPossible, (gap, causes) => {
        const shares = splitGap(gap, causes);
        expect(shares.reduce((sum, { identities }) => sum + identities, 0)).toBe(gap);
        for (const { cause, identities } of shares) {
          const most = causes.find((one) => one.cause === cause)?.identities ?? Number.POSITIVE_INFINITY;
          expect(Math.abs(identities)).toBeLessThanOrEqual(most);
          expect(identities).not.toBe(0);
        }
      }),
    );
  });

  it('made of whole causes is never unknown', () => {
    fc.assert(
      fc.property(anyPossible, fc.subarray([...CAUSES], { minLength: 1 }), (causes, chosen) => {
        const gap = causes
          .filter(({ cause }) => chosen.includes(cause))
          .reduce((sum, { side, identities }) => sum + (side === 'ledger' ? -identities : identities), 0);
        expect(splitGap(gap, causes).every(({ certainty }) => certainty === 'exact')).toBe(true);
      }),
    );
  });
});
