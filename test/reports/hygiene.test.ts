import { describe, expect, test } from '@jest/globals';
import { bitOf, type Mark, type Signal } from '../../src/domain/signal.ts';
import type { Budget } from '../../src/ledger/budget.ts';
import type { MonthTotals } from '../../src/ledger/ledger.ts';
import { findHygieneFindings } from '../../src/reports/hygiene.ts';

type Group = [identities: number, className: string, ...names: (Signal | Mark)[]];

const QUIET = { addedByBackfill: null };

function totals(groups: Group[], budget: Partial<Budget> | null = null) {
  return {
    masks: groups.map(([identities, className, ...names]) => ({
      ...{ identities, className },
      mask: names.reduce((mask, name) => mask | bitOf(name), 0),
    })),
    budget: budget as MonthTotals['budget'],
  };
}

const ids = (groups: Group[], { days = [], facts = QUIET, budget = null }: Partial<Options> = {}) =>
  findHygieneFindings(totals(groups, budget), days, facts).map(({ id }) => id);

interface Options {
  days: { minted: number }[];
  facts: { addedByBackfill: number | null };
  budget: Partial<Budget> | null;
}

test('an empty month, and one where all is seen, have nothing to say', () => {
  expect(ids([])).toEqual([]);
  expect(ids([[500, 'member', 'minted', 'connected', 'joined', 'messaged']])).toEqual([]);
});

describe('mints without beacons or webhooks', () => {
  test('are told from ten people on', () => {
    expect(ids([[10, 'member', 'minted']])).toEqual(['no-connects', 'no-webhooks']);
    expect(ids([[9, 'member', 'minted']])).toEqual([]);
  });

  test('or on the second day with mints', () => {
    const days = [{ minted: 1 }, { minted: 0 }, { minted: 2 }];
    expect(ids([[2, 'member', 'minted', 'again']], { days })).toEqual(['no-connects', 'no-webhooks']);
    expect(ids([[2, 'member', 'minted']], { days: [{ minted: 2 }] })).toEqual([]);
  });

  test('not once a single one was seen', () => {
    const one: Group = [1, 'member', 'minted', 'connected'];
    expect(ids([[99, 'member', 'minted'], one])).toEqual(['no-webhooks']);
    expect(ids([[99, 'member', 'minted'], one, [1, 'address', 'addressed']])).toEqual([]);
  });

  test('are no matter where nobody mints', () => {
    expect(ids([[50, 'member', 'joined']], { days: [{ minted: 0 }, { minted: 0 }] })).toEqual([]);
  });
});

test('who connects without a token from here has one from elsewhere; an address has none at all', () => {
  expect(ids([[1, 'unknown', 'connected', 'messaged']])).toEqual(['tokens-from-elsewhere']);
  expect(ids([[1, 'address', 'connected', 'addressed']])).toEqual([]);
});

test('who is there only by REST writes to the user record, whatever the marks', () => {
  const groups: Group[] = [
    [2, 'member', 'updated'],
    [3, 'member', 'created', 'updated', 'returning'],
    [4, 'member', 'updated', 'joined'],
    [5, 'member', 'again'],
  ];
  const [finding, ...rest] = findHygieneFindings(totals(groups), [], QUIET);
  expect(rest).toEqual([]);
  expect(finding).toMatchObject({
    id: 'rest-only',
    identities: 5,
    says: expect.stringMatching(/^5 identities/),
  });
});

test('what only a backfill found', () => {
  expect(ids([], { facts: { addedByBackfill: 0 } })).toEqual([]);
  expect(ids([], { facts: { addedByBackfill: 7 } })).toEqual(['backfill-gap']);
});

describe('addresses', () => {
  const groups: Group[] = [[3, 'address', 'addressed']];
  const budget = { mode: 'block', scopes: { all: 10 }, reserve: {} } as const;

  test('can use up a blocking budget', () => {
    expect(ids(groups, { budget })).toEqual(['addresses-in-budget']);
  });

  test('do not where it warns, where places are kept, or without a limit for all', () => {
    expect(ids(groups, { budget: { ...budget, mode: 'warn' } })).toEqual([]);
    expect(ids(groups, { budget: { ...budget, reserve: { member: 5 } } })).toEqual([]);
    expect(ids(groups, { budget: { ...budget, scopes: { 'class:guest': 1 } } })).toEqual([]);
    expect(ids(groups)).toEqual([]);
  });
});

test('every finding says what, why and what to do, with the number behind it', () => {
  const groups: Group[] = [
    [1, 'member', 'minted'],
    [1_200, 'address', 'messaged'],
  ];
  const found = findHygieneFindings(
    totals(groups, { mode: 'block', scopes: { all: 5 }, reserve: {} }),
    [{ minted: 1 }, { minted: 1 }],
    { addedByBackfill: 1 },
  );
  expect(found.map(({ id, identities }) => [id, identities])).toEqual([
    ['no-connects', 1],
    ['backfill-gap', 1],
    ['addresses-in-budget', 1_200],
  ]);
  for (const { says, why, fix } of found) {
    for (const text of [says, why, fix]) expect(text).toMatch(/^[A-Z0-9].{20,}\.$/);
  }
  expect(found[2]?.says).toContain('1,200 identities');
});
