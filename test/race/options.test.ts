import { describe, expect, test } from '@jest/globals';

const { parseOptions, PARTS } = await import(new URL('../../race/options.js', import.meta.url).href);

describe('the command line of the race', () => {
  test('runs everything at full size unless told', () => {
    expect(parseOptions([])).toEqual({
      ...{ parts: PARTS, people: 50_000, limit: 1_000, connections: 300, stormSeconds: 10, jsonFile: null },
    });
  });

  test('blows for a minute when the storm is named', () => {
    expect(parseOptions(['--only', 'storm'])).toMatchObject({ parts: ['storm'], stormSeconds: 60 });
    expect(parseOptions(['--only', 'storm', '--seconds', '5'])).toMatchObject({ stormSeconds: 5 });
  });

  test.each([
    [['--only', 'sqlite']],
    [['--limit', '0']],
    [['--people', '9999', '--limit', '1000']],
    [['--people', '1e5']],
    [['--seconds', '-1']],
    [['--fast']],
    [['now']],
  ])('refuses %j', (args) => {
    expect(() => parseOptions(args)).toThrow();
  });
});
