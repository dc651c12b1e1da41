import type { Command } from 'commander';
import type { ProcessInput } from '../config/process-input.ts';
import type { ServeOptions } from '../main.ts';

/** A place to write to. */
export interface Output {
  write(text: string): unknown;
  isTTY?: boolean;
}

/** Everything that a command touches, so that it can be run without a process of its own. */
export interface CliIo {
  /** Data only. */
  stdout: Output;
  /** Words and progress. */
  stderr: Output;
  config: ProcessInput;
  version: string;
  /** Runs the gateway until it is told to stop; resolves with the exit code. */
  serve(options: ServeOptions): Promise<number>;
  fetch: typeof fetch;
  /** All of standard input, as UTF-8. */
  readStdin(): Promise<string>;
  /** Aborts at Ctrl-C; who asks for it takes care of ending in order. */
  interruption(): AbortSignal;
  /** Monotonic, ms; for how long something takes. */
  elapsed(): number;
}

/** A command of the program: adds itself, and tells its exit code to `finish`. */
export type AddCommand = (program: Command, io: CliIo, finish: (code: number) => void) => void;

/** True where colour helps: on a terminal, unless `NO_COLOR` is set. */
export function wantsColor(io: CliIo, output: Output): boolean {
  return output.isTTY === true && (io.config.env['NO_COLOR'] ?? '') === '';
}
