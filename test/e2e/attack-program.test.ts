import { beforeAll, expect, test } from '@jest/globals';
import { buildOnce } from '../support/gateway-process.ts';
import { DEADLINE_MS, runProgram } from './run-program.ts';

// `npm run attack`, small: the very program, with real gateways, a real Redis, a real issuer and real sockets. What has
// to wait for deadlines, or for a quiet machine, is left to runs by hand.

const FAMILIES = ['logins', 'beacons', 'guests', 'webhooks', 'smuggling', 'cross-site'];

beforeAll(buildOnce, 60_000);

test(
  'no attack comes out otherwise than it must',
  async () => {
    const only = FAMILIES.flatMap((family) => ['--only', family]);
    const { code, stdout, written } = await runProgram('attack', ['--smoke', ...only], ['json']);
    const { results } = JSON.parse(written.json) as { results: Record<string, unknown>[] };
    expect(results.map(({ family, surprises }) => [family, surprises])).toEqual(
      [...FAMILIES, 'leaks'].map((family) => [family, []]),
    );
    for (const { tried, held } of results) expect(held).toBe(tried);
    expect(stdout).toMatch(/^HELD: \d{4,} attacks, 0 surprises, seed \d+$/m);
    expect(code).toBe(0);
  },
  DEADLINE_MS,
);
