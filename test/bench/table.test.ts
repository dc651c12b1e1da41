import { describe, expect, it } from '@jest/globals';

const { formatNumber, formatSpread, formatTable } = await import(
  new URL('../../bench/report/table.js', import.meta.url).href
);

describe('numbers', () => {
  it.each([
    [1234567.8, '1,234,568'],
    [123.4, '123'],
    [12.34, '12.3'],
    [1.234, '1.23'],
    [0.1234, '0.123'],
    [7, '7'],
    [0, '0'],
    [null, '–'],
    [undefined, '–'],
    [Number.NaN, '–'],
  ])('%p is written %s', (value, expected) => {
    expect(formatNumber(value)).toBe(expected);
  });

  it('say once what never varied', () => {
    expect(formatSpread({ min: 1, median: 2, max: 3 })).toBe('1 / 2 / 3');
    expect(formatSpread({ min: 2, median: 2, max: 2 })).toBe('2');
    expect(formatSpread(null)).toBe('–');
  });
});

describe('tables', () => {
  it('line up, text to the left and figures to the right', () => {
    expect(
      formatTable(
        ['server', 'µs'],
        [
          ['a', '1,000'],
          ['longer', '2'],
        ],
      ),
    ).toEqual(['server     µs', '------  -----', 'a       1,000', 'longer      2']);
  });
});
