import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { buildOnce } from '../support/gateway-process.ts';

// `npm run race`, small: the very program, with real gateways, real stores and real HTTP.

const PROGRAM = join(import.meta.dirname, '../../race/main.js');
const DEADLINE_MS = 110_000;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mau-guard-race-'));
  await buildOnce();
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Ran {
  code: number | null;
  stdout: string;
  results: Record<string, unknown>[];
}

async function runRace(name: string, args: string[]): Promise<Ran> {
  const file = join(folder, `${name}.json`);
  const child = spawn(process.execPath, [PROGRAM, ...args, '--json', file], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: DEADLINE_MS,
  });
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      said[stream] += text;
    });
  }
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const json = await readFile(file, 'utf8').catch(() => {
    throw new Error(`the race ended with ${code}:\n${said.stdout}${said.stderr}`);
  });
  return { code, stdout: said.stdout, results: JSON.parse(json) };
}

describe('a race of 2,000 people for 100 places', () => {
  test.each(['redis', 'cluster', 'embedded'])(
    '%s: exactly 100 identities, with one budget and with three and a reserve',
    async (ground) => {
      const { code, stdout, results } = await runRace(ground, [
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
    const { code, results } = await runRace('storm', [
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
