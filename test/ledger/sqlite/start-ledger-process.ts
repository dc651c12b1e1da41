import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

/** Starts `ledger-process.ts` on a ledger file. */
export function startLedgerProcess(path: string): ChildProcess {
  const here = resolve('test/ledger/sqlite');
  const args = ['--import', join(here, 'typescript-hooks.js'), join(here, 'ledger-process.ts'), path];
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
}

/** What the process has acknowledged, as soon as that is at least `count` mints; it goes on meanwhile. */
export async function collectAcknowledged(
  child: ChildProcess,
  count: number,
): Promise<[ordinal: number, identity: string][]> {
  const acknowledged: [number, string][] = [];
  if (!child.stdout) throw new Error('the process has an output');
  for await (const line of createInterface({ input: child.stdout })) {
    const [ordinal, identity] = line.split(' ');
    if (identity) acknowledged.push([Number(ordinal), identity]);
    if (acknowledged.length >= count) break;
  }
  return acknowledged;
}

/** What a process that should fail says on its error output, after it has ended. */
export async function collectComplaint(
  child: ChildProcess,
): Promise<{ exitCode: number | null; text: string }> {
  let text = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  const [exitCode] = (await once(child, 'close')) as [number | null];
  return { exitCode, text };
}
