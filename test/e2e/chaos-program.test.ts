import { beforeAll, expect, test } from '@jest/globals';
import { buildOnce } from '../support/gateway-process.ts';
import { DEADLINE_MS, runProgram } from './run-program.ts';

// `npm run chaos`, small: the very program, with real gateways that are really killed, and a real store.

beforeAll(buildOnce, 60_000);

// Each with a seed of its own, so that these runs are the same every time, as far as processes can be.
test.each([
  ['redis', '1'],
  ['embedded', '2'],
])(
  '%s: every promise is kept',
  async (store, seed) => {
    const args = ['--smoke', '--store', store, '--seed', seed];
    const { code, stdout, written } = await runProgram('chaos', args, ['json', 'log']);
    const result = JSON.parse(written.json);
    const broken = result.verdicts.filter(
      ({ violations }: { violations: string[] }) => violations.length > 0,
    );
    expect(broken).toEqual([]);
    expect({ code, held: result.held }).toEqual({ code: 0, held: true });
    expect(stdout.match(/^PASS {2}/gm)).toHaveLength(result.verdicts.length);
    expect(result.answers.token.minted).toBeGreaterThan(0);

    const lines = written.log
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { kind: string });
    expect(lines[0]).toMatchObject({ kind: 'run', seed: Number(seed), store });
    expect(lines.filter(({ kind }) => kind === 'kill-gateway').length).toBeGreaterThan(0);
  },
  DEADLINE_MS,
);
