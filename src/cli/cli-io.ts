import type { Command } from 'commander';
import type { ProcessInput } from '../config/process-input.ts';

/** A place to write to. */
export interface Output {
  write(text: string): unknown;
  isTTY?: boolean;
}

export interface ServeOptions {
  /** `port`, `host` and `config`, as they were typed. */
  flags: Record<string, string>;
  demo: boolean;
  /** Go on although the identity secret is another one than the ledger knows. */
  acceptNewIdentities: boolean;
  /** How many processes share the port; default 1. */
  processes?: number;
  /** This process is one of several: the one at this place, from 1. */
  place?: number;
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
