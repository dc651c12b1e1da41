import { describe, expect, test } from '@jest/globals';
import { type Month, parseMonth } from '../../src/domain/month.ts';
import { bitOf, type Mark, type Signal } from '../../src/domain/signal.ts';
import type { Budget } from '../../src/ledger/budget.ts';
import type { MonthTotals } from '../../src/ledger/ledger.ts';
import { findHygieneFindings, type HygieneFacts } from '../../src/reports/hygiene.ts';

type Group = [identities: number, className: string, ...names: (Signal | Mark)[]];

const NOVEMBER = parseMonth('2026-11') as Month;
const QUIET = { addedByBackfill: null, nowMs: Date.parse('2026-11-20T09:00:00Z') };

function totals(groups: Group[], budget: Partial<Budget> | null = null) {
  return {
    month: NOVEMBER,
    masks: groups.map(([identities, className, ...names]) => ({
      ...{ identities, className },
      mask: names.reduce((mask, name) => mask | bitOf(name), 0),
    })),
    budget: budget as MonthTotals['budget'],
  };
}

/** Days from the first of November on: mints, newcomers of class `member` (as many unless told), beacons. */
function november(...rows: [minted: number, newcomers?: number, beacons?: number][]) {
  return rows.map(([minted, newcomers = minted, beacons = 0], index) => ({
    ...{ day: `2026-11-${String(index + 1).padStart(2, '0')}`, minted, beacons },
    newByClass: { member: newcomers } as Record<string, number>,
  }));
}

const ids = (groups: Group[], { days = [], facts = QUIET, budget = null }: Partial<Options> = {}) =>
  findHygieneFindings(totals(groups, budget), days, facts).map(({ id }) => id);

interface Options {
  days: ReturnType<typeof november>;
  facts: HygieneFacts;
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
    const days = november([1], [0], [2]);
    expect(ids([[2, 'member', 'minted', 'again']], { days })).toEqual(['no-connects', 'no-webhooks']);
    expect(ids([[2, 'member', 'minted']], { days: november([2]) })).toEqual([]);
  });

  test('not once a single one was seen', () => {
    const one: Group = [1, 'member', 'minted', 'connected'];
    expect(ids([[99, 'member', 'minted'], one])).toEqual(['no-webhooks']);
    expect(ids([[99, 'member', 'minted'], one, [1, 'address', 'addressed']])).toEqual([]);
  });

  test('are no matter where nobody mints', () => {
    expect(ids([[50, 'member', 'joined']], { days: november([0], [0]) })).toEqual([]);
  });
});

describe('beacons', () => {
  /** Webhooks show who takes part, and of a few that they were there. */
  const groups: Group[] = [
    [30, 'member', 'minted', 'connected', 'joined'],
    [12, 'member', 'minted', 'joined'],
  ];
  const find = (days: Options['days'], nowMs = QUIET.nowMs, given = groups) =>
    findHygieneFindings(totals(given), days, { ...QUIET, nowMs });

  test('that never came are missed once ten newcomers came on days that are over', () => {
    const [finding, ...rest] = find(november([10]));
    expect(rest).toEqual([]);
    expect(finding).toMatchObject({ id: 'no-beacons', identities: 12 });
    expect(finding?.says).toBe(
      'No beacon of a browser came in this month; nothing tells whether 12 identities with a token connected.',
    );
    expect(finding?.why).toContain('not seen until the bill');
    expect(finding?.fix).toContain('docs/beacons.md');
    expect(find(november([9]))).toEqual([]);
    expect(find(november([10, 9]))).toEqual([]);
    expect(find(november([9, 10]))).toEqual([]);
  });

  test('or on the second day with mints that is over', () => {
    expect(find(november([1], [0], [1]))).toMatchObject([{ id: 'no-beacons' }]);
    expect(find(november([1], [0], [1]), Date.parse('2026-11-03T23:59:59Z'))).toEqual([]);
    expect(find(november([50]), Date.parse('2026-11-01T23:59:59Z'))).toEqual([]);
  });

  test('that have stopped are missed after two days with mints and ten newcomers', () => {
    const [finding, ...rest] = find(november([30, 30, 28], [40, 5], [0], [40, 6]));
    expect(rest).toEqual([]);
    expect(finding).toMatchObject({ id: 'no-beacons', identities: 12 });
    expect(finding?.says).toBe(
      'No beacon of a browser came after 2026-11-01, and tokens were minted on 2 whole days since; nothing tells whether 12 identities with a token connected.',
    );
    for (const text of [finding?.says, finding?.why, finding?.fix])
      expect(text).toMatch(/^[A-Z0-9].{20,}\.$/);
    expect(find(november([30, 30, 28], [400, 50]))).toEqual([]);
    expect(find(november([30, 30, 28], [40, 4], [40, 5]))).toEqual([]);
  });

  test('are not missed where only people came who were told of before', () => {
    expect(find(november([30, 30, 28], [40, 0], [40, 0], [40, 0]))).toEqual([]);
  });

  test('are not missed once one came today', () => {
    const until = (beacons: number) => november([30, 30, 28], [40, 5], [40, 6], [9, 9, beacons]);
    const today = Date.parse('2026-11-04T12:00:00Z');
    expect(find(until(0), today)).toMatchObject([{ id: 'no-beacons' }]);
    expect(find(until(1), today)).toEqual([]);
  });

  test('are not missed of people whom only events brought, or who write in by other channels', () => {
    const known: Group[] = [
      [30, 'member', 'minted', 'connected', 'joined'],
      [9, 'member', 'minted'],
      [90, 'member', 'joined'],
    ];
    const days = november([30, 30, 28], [40, 50], [40, 50]);
    expect(find(days, QUIET.nowMs, known)).toEqual([]);
    for (const { newByClass } of days.slice(1)) newByClass['address'] = newByClass['member']!;
    for (const { newByClass } of days.slice(1)) newByClass['member'] = 2;
    expect(find(days)).toEqual([]);
  });

  test('are not missed where everybody with a token was seen to connect', () => {
    expect(find(november([30], [30]), QUIET.nowMs, groups.slice(0, 1))).toEqual([]);
  });

  test('are a matter of the month that runs: what was counted does not come back with one that was lost', () => {
    for (const now of ['2026-12-01T00:00:00Z', '2027-11-20T09:00:00Z', '2026-10-31T23:59:59Z']) {
      expect(find(november([30], [30]), Date.parse(now))).toEqual([]);
    }
  });

  test('are not asked for twice where nobody was seen to connect', () => {
    const nobody: Group[] = [[30, 'member', 'minted', 'joined']];
    const found = find(november([30], [30]), QUIET.nowMs, nobody);
    expect(found).toMatchObject([{ id: 'no-connects', fix: expect.stringContaining('docs/beacons.md') }]);
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
  expect(ids([], { facts: { ...QUIET, addedByBackfill: 0 } })).toEqual([]);
  expect(ids([], { facts: { ...QUIET, addedByBackfill: 7 } })).toEqual(['backfill-gap']);
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
    november([1], [1]),
    { ...QUIET, addedByBackfill: 1 },
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
