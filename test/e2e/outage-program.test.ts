import { beforeAll, expect, test } from '@jest/globals';
import { buildOnce } from '../support/gateway-process.ts';
import { DEADLINE_MS, runProgram } from './run-program.ts';

// `npm run outage`, small: the very program, with a real gateway and a real Redis that is really stopped.

beforeAll(buildOnce, 60_000);

test(
  'known people are served while Redis is stopped, strangers are not, and the ledger has every token afterwards',
  async () => {
    const { code, stdout, written } = await runProgram('bench/outage', ['--smoke'], ['json']);
    const { goals, known, strangers, tokens, rows } = JSON.parse(written.json);
    expect(goals.filter(({ verdict }: { verdict: string }) => verdict !== 'met')).toEqual([]);
    expect(goals).toHaveLength(4);
    expect(known).toBeGreaterThan(300);
    expect(strangers).toBeGreaterThan(30);
    // Everybody's first token, and a new one for each in every other half of its life.
    expect(tokens).toBeGreaterThan(100);
    expect(rows).toBeGreaterThanOrEqual(tokens);
    expect(stdout).toContain('known people who were refused');
    expect(code).toBe(0);
  },
  DEADLINE_MS,
);
