import { describe, expect, it } from '@jest/globals';

// The benchmark is plain JavaScript without declarations; a name that is computed keeps the compiler from asking.
const { median, percentileOf, ratiosByRound, spreadOf } = await import(benchFile('statistics.js'));

function benchFile(name: string): string {
  return new URL(`../../bench/${name}`, import.meta.url).href;
}

describe('median', () => {
  it.each([
    [[3], 3],
    [[5, 1, 3], 3],
    [[4, 1, 3, 2], 2.5],
  ])('of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  it('leaves the order of what it was given alone', () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });
});

describe('spreadOf', () => {
  it('gives the extremes and the middle', () => {
    expect(spreadOf([4, 2, 9])).toEqual({ min: 2, median: 4, max: 9 });
  });

  it.each([[[]], [[1, null]], [[1, Number.NaN]]])('has nothing to say of %j', (values) => {
    expect(spreadOf(values)).toBeNull();
  });
});

describe('percentileOf', () => {
  const thousand = Float64Array.from({ length: 1000 }, (_, index) => index + 1);

  it.each([
    [50, 500],
    [99, 990],
    [99.9, 999],
    [100, 1000],
  ])('finds the %d th by nearest rank', (percent, expected) => {
    expect(percentileOf(thousand, percent)).toBe(expected);
  });

  it('is the worst value where there are too few for better', () => {
    expect(percentileOf(Float64Array.of(1, 7), 99.9)).toBe(7);
    expect(percentileOf(new Float64Array(), 50)).toBeNaN();
  });
});

describe('ratiosByRound', () => {
  it('compares round with round, not medians with medians', () => {
    // A slow second round slowed both; their ratio never changed.
    expect(ratiosByRound([300, 30, 300], [100, 10, 100])).toEqual({ min: 3, median: 3, max: 3 });
  });

  it('refuses sides with other rounds', () => {
    expect(() => ratiosByRound([1, 2], [1])).toThrow('same rounds');
  });
});
