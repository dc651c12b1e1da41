import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { buildOnce } from '../support/gateway-process.ts';

// `npm run attack`, small: the very program, with real gateways, a real Redis, a real issuer and real sockets. What has
// to wait for deadlines, or for a quiet machine, is left to runs by hand.

const PROGRAM = join(import.meta.dirname, '../../attack/main.js');
const DEADLINE_MS = 110_000;
const FAMILIES = ['logins', 'beacons', 'guests', 'webhooks', 'smuggling', 'cross-site'];

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mau-guard-attack-'));
  await buildOnce();
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

test(
  'no attack comes out otherwise than it must',
  async () => {
    const file = join(folder, 'attack.json');
    const only = FAMILIES.flatMap((family) => ['--only', family]);
    const child = spawn(process.execPath, [PROGRAM, '--smoke', ...only, '--json', file], {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: DEADLINE_MS,
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
    }
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    const json = await readFile(file, 'utf8').catch(() => {
      throw new Error(`the attack ended with ${code}:\n${said}`);
    });
    const { results } = JSON.parse(json) as { results: Record<string, unknown>[] };
    expect(results.map(({ family, surprises }) => [family, surprises])).toEqual(
      [...FAMILIES, 'leaks'].map((family) => [family, []]),
    );
    for (const { tried, held } of results) expect(held).toBe(tried);
    expect(said).toMatch(/^HELD: \d{4,} attacks, 0 surprises, seed \d+$/m);
    expect(code).toBe(0);
  },
  DEADLINE_MS,
);
