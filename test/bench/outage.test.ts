import { describe, expect, test } from '@jest/globals';

const { judgeOutage } = await import(new URL('../../bench/outage/outage-goals.js', import.meta.url).href);
const { parseOptions } = await import(new URL('../../bench/outage/options.js', import.meta.url).href);

const MEBIBYTE = 2 ** 20;

/** Ten minutes as they should be. */
function outage() {
  const state = (minute: number) => ({ minute, heapUsed: 60 * MEBIBYTE, rss: 180 * MEBIBYTE });
  return {
    options: { smoke: false },
    known: Array.from({ length: 900 }, () => ({ status: 200, code: 'minted', ms: 5 })),
    strangers: Array.from({ length: 100 }, () => ({ status: 503, code: 'ledger-unavailable', ms: 5 })),
    states: [1, 5, 9, 10].map(state),
    ...{ tokensWithoutRow: 0, unexplained: 0 },
  };
}

type Outage = ReturnType<typeof outage>;
const missedIn = (there: Outage): string[] =>
  judgeOutage(there)
    .filter(({ verdict }: { verdict: string }) => verdict !== 'met')
    .map(({ name }: { name: string }) => name);

test('an outage as it should be meets every goal, and so does one slow answer in a hundred', () => {
  const there = outage();
  for (const answer of there.known.slice(0, 9)) answer.ms = 2_000;
  expect(missedIn(there)).toEqual([]);
});

describe('misses a goal', () => {
  test.each<[string, (there: Outage) => void]>([
    [
      'known people, p99 ms',
      ({ known }) => {
        for (const answer of known.slice(0, 10)) answer.ms = 301;
      },
    ],
    [
      'strangers, p99 ms',
      ({ strangers }) => {
        for (const answer of strangers.slice(0, 2)) answer.ms = 301;
      },
    ],
    [
      'heap in the second half, MiB more',
      ({ states }) => {
        states[3]!.heapUsed += 3 * MEBIBYTE;
      },
    ],
    [
      'heap from minute 1 to the last, MiB more',
      ({ states }) => {
        for (const state of states.slice(1)) state.heapUsed += 9 * MEBIBYTE;
      },
    ],
    [
      'resident from minute 1 to the last, MiB more',
      ({ states }) => {
        states[3]!.rss += 17 * MEBIBYTE;
      },
    ],
    [
      'known people who were refused',
      ({ known }) => {
        Object.assign(known[0]!, { status: 503, code: 'ledger-unavailable' });
      },
    ],
    [
      'strangers who were answered otherwise than 503',
      ({ strangers }) => {
        Object.assign(strangers[0]!, { status: 403, code: 'mau-budget-exhausted' });
      },
    ],
    [
      'tokens without a row once Redis is back',
      (there) => {
        there.tokensWithoutRow = 1;
      },
    ],
    [
      'people counted whom nobody sent',
      (there) => {
        there.unexplained = 1;
      },
    ],
  ])('%s', (name, breaks) => {
    const there = outage();
    breaks(there);
    expect(missedIn(there)).toEqual([name]);
  });
});

test('a run of less than four minutes says nothing of memory, and so does not pass', () => {
  const there = outage();
  there.states.length = 3;
  expect(missedIn(there)).toHaveLength(3);
});

test('a smoke run is judged by neither time nor memory', () => {
  const there = { ...outage(), options: { smoke: true }, states: [] };
  for (const answer of [...there.known, ...there.strangers]) answer.ms = 10_000;
  expect(missedIn(there)).toEqual([]);
  there.known[0]!.status = 503;
  expect(missedIn(there)).toEqual(['known people who were refused']);
});

describe('the command line of the outage', () => {
  test('is ten minutes unless told', () => {
    const usual = { smoke: false, seconds: 600, rate: 100, people: 200, jsonFile: null };
    expect(parseOptions([])).toEqual(usual);
    expect(parseOptions(['--smoke', '--rate', '20'])).toMatchObject({ smoke: true, seconds: 8, rate: 20 });
  });

  test.each([[['--seconds', '1']], [['--rate', 'x']], [['--minutes', '1']]])('refuses %j', (args) => {
    expect(() => parseOptions(args)).toThrow();
  });
});
