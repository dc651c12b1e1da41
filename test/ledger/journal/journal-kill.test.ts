import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Journal } from '../../../src/ledger/journal/journal.ts';
import { drainNumbers } from './drain-numbers.ts';

const PROGRAM = resolve('test/ledger/journal/journal-process.ts');
const HOOKS = resolve('test/ledger/sqlite/typescript-hooks.js');
const BYTES_MAX = 64 * 1024 * 1024;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mau-guard-journal-kill-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the program until it has acknowledged so many records, kills it, and answers all that it acknowledged. */
async function appendAndKill(path: string, enough: number, meanwhile: () => void): Promise<number[]> {
  const child = spawn(process.execPath, ['--import', HOOKS, PROGRAM, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  const acknowledged: number[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    if (line !== 'open') acknowledged.push(Number(line));
    // Also reads what was printed before the end.
    if (acknowledged.length === enough) {
      meanwhile();
      child.kill('SIGKILL');
    }
  }
  await ended;
  return acknowledged;
}

test('what was acknowledged outlives SIGKILL, and the lock does not', async () => {
  const path = join(folder, 'journal');
  for (const enough of [1, 400, 1_500]) {
    const acknowledged = await appendAndKill(path, enough, () => {
      expect(() => new Journal({ path, bytesMax: BYTES_MAX })).toThrow('another gateway uses it');
    });
    const journal = new Journal({ path, bytesMax: BYTES_MAX });
    const kept = await drainNumbers(journal);
    await journal.close();
    expect(acknowledged.length).toBeGreaterThanOrEqual(enough);
    const all = new Set(kept);
    expect(all.size).toBe(kept.length);
    expect(acknowledged.filter((number) => !all.has(number))).toEqual([]);
    expect(kept).toEqual([...kept].sort((one, other) => one - other));
  }
}, 60_000);
