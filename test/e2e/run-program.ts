import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** For one run, ms. */
export const DEADLINE_MS = 110_000;

export interface ProgramRun<Output extends string> {
  code: number | null;
  stdout: string;
  /** Texts of the files that it was told to write, by option. */
  written: Record<Output, string>;
}

/**
 * Runs one of the programs beside the product to its end, as `npm run` does.
 *
 * @param outputs options that name a file to write, without their dashes
 */
export async function runProgram<Output extends string>(
  name: 'attack' | 'bench/outage' | 'chaos' | 'race',
  args: readonly string[],
  outputs: readonly Output[],
): Promise<ProgramRun<Output>> {
  const folder = await mkdtemp(join(tmpdir(), 'mau-guard-program-'));
  try {
    const files = outputs.flatMap((output) => [`--${output}`, join(folder, output)]);
    const child = spawn(process.execPath, [join(ROOT, name, 'main.js'), ...args, ...files], {
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
    const written = {} as Record<Output, string>;
    for (const output of outputs) {
      written[output] = await readFile(join(folder, output), 'utf8').catch(() => {
        throw new Error(`${name} ended with ${code}:\n${said.stdout}${said.stderr}`);
      });
    }
    return { code, stdout: said.stdout, written };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
