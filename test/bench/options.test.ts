import { describe, expect, it } from '@jest/globals';

const { parseOptions, PARTS } = await import(new URL('../../bench/options.js', import.meta.url).href);

describe('the command line of the benchmark', () => {
  it('runs every part at full size unless told', () => {
    const options = parseOptions([]);
    expect(options).toMatchObject({ smoke: false, parts: PARTS, jsonFile: null, profileFolder: null });
    expect(options.sizes).toMatchObject({ rounds: 5, seconds: 3, people: 30_000, identities: 1_000_000 });
  });

  it('keeps everybody below the rate limit of 60 tokens a minute, however long a run', () => {
    const { people, requestsMax } = parseOptions(['--people', '300', '--seconds', '60']).sizes;
    expect(requestsMax / people).toBeLessThanOrEqual(8);
  });

  it('takes parts in its own order', () => {
    expect(parseOptions(['--only', 'export', '--only', 'http']).parts).toEqual(['http', 'export']);
  });

  it('lets a smoke run be larger', () => {
    expect(parseOptions(['--smoke', '--rounds', '2']).sizes).toMatchObject({ rounds: 2, people: 600 });
  });

  it.each([
    [['--only', 'https']],
    [['--rounds', '0']],
    [['--rounds', '1.5']],
    [['--seconds', 'long']],
    [['--identities', '10']],
    [['--fast']],
  ])('refuses %j', (args) => {
    expect(() => parseOptions(args)).toThrow();
  });
});
