import { beforeAll, describe, expect, test } from '@jest/globals';
import { buildOnce } from '../support/gateway-process.ts';
import { DEADLINE_MS, runProgram } from './run-program.ts';

// `npm run race`, small: the very program, with real gateways, real stores and real HTTP.

beforeAll(buildOnce, 60_000);

async function runRace(args: string[]) {
  const { code, stdout, written } = await runProgram('race', args, ['json']);
  return { code, stdout, results: JSON.parse(written.json) as Record<string, unknown>[] };
}

describe('a race of 2,000 people for 100 places', () => {
  test.each(['redis', 'cluster', 'embedded'])(
    '%s: exactly 100 identities, with one budget and with three and a reserve',
    async (ground) => {
      const { code, stdout, results } = await runRace([
        ...['--only', ground, '--people', '2000', '--limit', '100', '--connections', '100'],
      ]);
      expect(results.map(({ violations }) => violations)).toEqual([[], []]);
      for (const result of results) {
        expect(result).toMatchObject({
          tally: { served: 100, countedRefused: 0, doubled: 0, mistaken: 0 },
          books: { total: 100 },
        });
      }
      expect(results[0]).toMatchObject({ books: { alerts: { length: 4 } } });
      expect(results[1]).toMatchObject({
        books: { byClass: { guest: 30 }, byTenant: { acme: 20, birch: 25 } },
      });
      expect(stdout.match(/^HELD: .*$/gm)).toHaveLength(2);
      expect(code).toBe(0);
    },
    DEADLINE_MS,
  );
});

test(
  'a storm of refusals fires each threshold once',
  async () => {
    const { code, results } = await runRace([
      ...['--only', 'storm', '--seconds', '2', '--limit', '100', '--people', '1000', '--connections', '50'],
    ]);
    expect(results).toEqual([expect.objectContaining({ violations: [], others: {} })]);
    const [storm] = results as { strangers: number; alerts: { threshold: number }[] }[];
    expect(storm!.strangers).toBeGreaterThan(100);
    expect(storm!.alerts.map(({ threshold }) => threshold).sort((a, b) => a - b)).toEqual([50, 80, 90, 100]);
    expect(code).toBe(0);
  },
  DEADLINE_MS,
);
