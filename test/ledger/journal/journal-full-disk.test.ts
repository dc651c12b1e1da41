import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Journal } from '../../../src/ledger/journal/journal.ts';
import { drainNumbers } from './drain-numbers.ts';

const PROGRAM = resolve('test/ledger/journal/full-disk-process.ts');
const HOOKS = resolve('test/ledger/sqlite/typescript-hooks.js');
const LIMIT_KIBIBYTES = 200;
const DEADLINE_MS = 60_000;

interface Line {
  taken?: number;
  refused?: string;
  kept?: number[];
}

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mau-guard-journal-full-'));
  path = join(folder, 'journal');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the program where no file may grow beyond a limit: a write beyond it fails, as on a disk that is full. */
async function fill(end: 'die' | 'go-on'): Promise<Line[]> {
  const words = [process.execPath, '--import', HOOKS, PROGRAM, path, end];
  // Node itself ignores the signal that a write beyond the limit raises.
  const child = spawn('bash', ['-c', `ulimit -f ${LIMIT_KIBIBYTES}; exec "$@"`, 'bash', ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  const lines: Line[] = [];
  for await (const line of createInterface({ input: child.stdout })) lines.push(JSON.parse(line) as Line);
  expect(await ended).toEqual(end === 'die' ? [null, 'SIGKILL'] : [0, null]);
  return lines;
}

const takenOf = (lines: readonly Line[]) =>
  lines.flatMap(({ taken }) => taken ?? []).toSorted((one, two) => one - two);

test(
  'on a full disk the answer is ledger-unavailable, and there is room again once all is settled',
  async () => {
    const lines = await fill('go-on');
    const fullAt = lines.findIndex(({ kept }) => kept !== undefined);
    const before = lines.slice(0, fullAt);
    const refused = before.flatMap((line) => line.refused ?? []);

    expect(takenOf(before).length).toBeGreaterThan(500);
    expect(refused.length).toBeGreaterThanOrEqual(200);
    expect(new Set(refused)).toEqual(new Set(['ledger-unavailable']));
    expect(lines[fullAt]?.kept).toEqual(takenOf(before));
    expect(lines.slice(fullAt + 1)).toEqual([{ taken: expect.any(Number) }]);
    expect(statSync(path).size).toBeLessThan(1_024);
  },
  DEADLINE_MS,
);

test(
  'a gateway that dies on a full disk leaves every record that was taken, and none that was refused',
  async () => {
    const lines = await fill('die');
    const journal = new Journal({ path, bytesMax: 64 * 1024 * 1024 });
    try {
      expect(await drainNumbers(journal)).toEqual(takenOf(lines));
    } finally {
      await journal.close();
    }
  },
  DEADLINE_MS,
);
