import { describe, expect, test } from '@jest/globals';

const { comparedSamples, judgeSoak } = await import(new URL('../../soak/judge.js', import.meta.url).href);
const { commandOf, parseOptions } = await import(new URL('../../soak/options.js', import.meta.url).href);

const MEBIBYTE = 2 ** 20;

/** Half an hour in which nothing happened. */
function soak() {
  const samples = Array.from({ length: 30 }, (_, at) => ({
    ...{ minute: at + 1, heapUsed: 40 * MEBIBYTE, handles: 30 },
  }));
  return {
    samples,
    answers: { token: { minted: 100, 'mau-budget-exhausted': 50 }, unread: { '200': 9 } } as Record<
      string,
      Record<string, number>
    >,
    streams: { opened: 90, bytes: 1_000, refused: 0 },
  };
}

test('compares minute 10 with minute 30', () => {
  expect(comparedSamples(soak().samples).map(({ minute }: { minute: number }) => minute)).toEqual([10, 30]);
});

test('a calm half hour passes, also when the caches filled up before', () => {
  const calm = soak();
  calm.samples[0]!.heapUsed = 20 * MEBIBYTE;
  expect(judgeSoak(calm)).toEqual([]);
});

test('a busy minute has more connections, and is no leak', () => {
  const calm = soak();
  calm.samples[29]!.handles += 100;
  expect(judgeSoak(calm)).toEqual([]);
});

describe('is noticed', () => {
  test.each<[string, (there: ReturnType<typeof soak>) => void, string]>([
    [
      'memory',
      ({ samples }) => {
        samples[29]!.heapUsed += 2 * MEBIBYTE;
      },
      'grew by 2.0 MiB',
    ],
    [
      'handles',
      ({ samples }) => {
        for (const sample of samples.slice(-5)) sample.handles += 21;
      },
      'at least 51 in those up to 30',
    ],
    [
      'a defect',
      ({ answers }) => {
        answers['token']!['status 500'] = 1;
      },
      '"status 500" 1 times',
    ],
    [
      'a 500 of a read',
      ({ answers }) => {
        answers['unread']!['500'] = 2;
      },
      '"500" 2 times',
    ],
    [
      'an outage',
      ({ answers }) => {
        answers['token']!['ledger-unavailable'] = 1;
      },
      'ledger-unavailable',
    ],
    [
      'silence',
      ({ answers }) => {
        answers['token']!['no answer'] = 1;
      },
      'no answer',
    ],
    [
      'a stream that is refused',
      ({ streams }) => {
        streams.refused = 1;
      },
      'event streams',
    ],
  ])('%s', (_what, breaks, words) => {
    const there = soak();
    breaks(there);
    expect(judgeSoak(there)).toEqual([expect.stringContaining(words)]);
  });
});

describe('the command line of the soak', () => {
  const drawn = () => 4711;

  test('is half an hour unless told, with a seed that is drawn', () => {
    const usual = { seed: 4711, minutes: 30, rate: 120, jsonFile: null, productFolder: null };
    expect(parseOptions([], drawn)).toEqual(usual);
    expect(parseOptions(['--seed', '7'], drawn)).toEqual({ ...usual, seed: 7 });
  });

  test('says how to send the very same traffic again', () => {
    const options = parseOptions(['--minutes', '5', '--rate', '50'], drawn);
    const again = commandOf(options).split(' ').slice(4);
    expect(parseOptions(again, () => 1)).toEqual(options);
  });

  test.each([[['--minutes', '1']], [['--rate', '0']], [['--hours', '1']], [['--seed', '-1']]])(
    'refuses %j',
    (args) => {
      expect(() => parseOptions(args, drawn)).toThrow();
    },
  );
});
