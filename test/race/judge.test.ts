import { describe, expect, test } from '@jest/globals';

const { judgeRace, judgeAlerts } = await import(new URL('../../race/judge.js', import.meta.url).href);
const { judgeStorm } = await import(new URL('../../race/run-storm.js', import.meta.url).href);

const ALERTS = [50, 80, 90, 100].map((threshold) => ({
  ...{ budget: 'all', threshold, state: threshold === 50 ? 'firing' : 'escalated' },
}));

/** Two places for ten people, one of them kept for an agent; as it should be. */
function race() {
  return {
    title: 'a race',
    people: 10,
    budget: {
      ...{ identities: 2, mode: 'block', reserve: { agent: 1 } },
      ...{ classes: { guest: 1 }, tenants: { acme: 1 } },
    },
    requests: 12,
    seconds: 1,
    tally: {
      answers: { minted: 3, reused: 1, 'mau-budget-exhausted': 8 } as Record<string, number>,
      ...{ served: 2, identities: ['m_a', 'm_b'], doubled: 0, countedRefused: 0, mistaken: 0 },
      refusedBy: { all: 6, 'class:guest': 2 } as Record<string, number>,
      samples: [],
    },
    again: { counted: 2, countedServed: 2, others: 2, othersRefused: 2 },
    books: {
      ...{ month: '2026-11', total: 2, minted: 3, reused: 1, refused: 8, mintRows: 3 },
      byClass: { guest: 1, agent: 1 } as Record<string, number>,
      byTenant: { acme: 1 } as Record<string, number>,
      listed: ['m_b', 'm_a'],
      alerts: ALERTS,
    },
  };
}

test('a race that held has no violations', () => {
  expect(judgeRace(race())).toEqual([]);
});

type Parts = Pick<ReturnType<typeof race>, 'tally' | 'again' | 'books'>;
type Broken = { [Part in keyof Parts]?: Partial<Parts[Part]> };

describe('is noticed', () => {
  test.each<[string, Broken, string]>([
    ['a place too many', { tally: { served: 3 } }, '3 people got a token'],
    ['a place that nobody got', { books: { total: 1 } }, 'identities by the summary: 1'],
    ['somebody counted who is refused', { tally: { countedRefused: 1 } }, 'already counted'],
    ['another identity on the way back', { tally: { doubled: 1 } }, 'identity that is another'],
    ['a refusal without need', { tally: { mistaken: 1 } }, 'not reached'],
    ['an answer of another kind', { tally: { answers: { 'status 0': 1 } } }, '"status 0"'],
    ['somebody left out afterwards', { again: { countedServed: 1 } }, 'were not served'],
    ['somebody let in afterwards', { again: { othersRefused: 1 } }, 'were not refused'],
    ['a row twice', { books: { listed: ['m_a', 'm_a'] } }, 'different identities'],
    ['a token without a row', { books: { listed: ['m_a', 'm_c'] } }, 'served but not listed: 1'],
    ['a mint that is not logged', { books: { mintRows: 2 } }, 'mint log: 2'],
    ['a reuse that is not counted', { books: { reused: 0 } }, 'reuses'],
    ['a refusal that is not counted', { books: { refused: 7 } }, 'refusals by the summary: 7'],
    ['a class over its limit', { books: { byClass: { guest: 2, agent: 1 } } }, 'class:guest: 2'],
    ['a tenant over its limit', { books: { byTenant: { acme: 2 } } }, 'tenant:acme: 2'],
    ['a limit that refuses too early', { books: { byClass: { agent: 1 } } }, '0 of 1 places'],
    ['a place that was not kept', { books: { byClass: { guest: 1 } } }, 'class agent: 0 of 1'],
    ['an alert that is missing', { books: { alerts: ALERTS.slice(1) } }, '3 alerts'],
  ])('%s', (_name, { tally, again, books }, words) => {
    const held = race();
    const broken = {
      ...held,
      tally: { ...held.tally, ...tally },
      again: { ...held.again, ...again },
      books: { ...held.books, ...books },
    };
    expect(judgeRace(broken)).toEqual(expect.arrayContaining([expect.stringContaining(words)]));
  });

  test('an alert that fires twice', () => {
    expect(judgeAlerts([...ALERTS, ALERTS[1]])).toContain('alert "all at 80 % reached" fired 2 times');
  });
});

describe('a storm', () => {
  const MIB = 2 ** 20;
  const storm = { seconds: 60, others: {}, alerts: ALERTS, memoryBefore: 100 * MIB, memoryAfter: 131 * MIB };

  test('holds below 32 MiB and with one alert for each threshold', () => {
    expect(judgeStorm(storm)).toEqual([]);
    expect(judgeStorm({ ...storm, memoryBefore: null })).toEqual([]);
  });

  test('does not hold otherwise', () => {
    expect(judgeStorm({ ...storm, memoryAfter: 132 * MIB })).toEqual([expect.stringContaining('32 MiB')]);
    expect(judgeStorm({ ...storm, alerts: [...ALERTS, ALERTS[0]] })).toHaveLength(2);
    expect(judgeStorm({ ...storm, others: { 'ledger-unavailable': 2 } })).toHaveLength(1);
  });

  test('says nothing about memory when it is short', () => {
    expect(judgeStorm({ ...storm, seconds: 2, memoryAfter: 900 * MIB })).toEqual([]);
  });
});
