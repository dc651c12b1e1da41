import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { buildOnce } from '../support/gateway-process.ts';

// `npm run chaos`, small: the very program, with real gateways that are really killed, and a real store.

const PROGRAM = join(import.meta.dirname, '../../chaos/main.js');
const DEADLINE_MS = 110_000;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mau-guard-chaos-'));
  await buildOnce();
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

async function runChaos(name: string, args: string[]) {
  const json = join(folder, `${name}.json`);
  const log = join(folder, `${name}.ndjson`);
  const child = spawn(process.execPath, [PROGRAM, '--smoke', ...args, '--json', json, '--log', log], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: DEADLINE_MS,
  });
  let said = '';
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const result = await readFile(json, 'utf8').catch(() => {
    throw new Error(`the run ended with ${code}:\n${said}`);
  });
  return { code, said, result: JSON.parse(result), log: await readFile(log, 'utf8') };
}

// Each with a seed of its own, so that these runs are the same every time, as far as processes can be.
test.each([
  ['redis', '1'],
  ['embedded', '2'],
])(
  '%s: every promise is kept',
  async (store, seed) => {
    const { code, said, result, log } = await runChaos(store, ['--store', store, '--seed', seed]);
    const broken = result.verdicts.filter(
      ({ violations }: { violations: string[] }) => violations.length > 0,
    );
    expect(broken).toEqual([]);
    expect({ code, held: result.held }).toEqual({ code: 0, held: true });
    expect(said.match(/^PASS {2}/gm)).toHaveLength(result.verdicts.length);
    expect(result.answers.token.minted).toBeGreaterThan(0);

    const lines = log
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { kind: string });
    expect(lines[0]).toMatchObject({ kind: 'run', seed: Number(seed), store });
    expect(lines.filter(({ kind }) => kind === 'kill-gateway').length).toBeGreaterThan(0);
  },
  DEADLINE_MS,
);
