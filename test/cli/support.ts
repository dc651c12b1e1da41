import type { CliIo } from '../../src/cli/cli-io.ts';
import { run } from '../../src/cli/run.ts';
import type { ServeOptions } from '../../src/main.ts';
import { type Given, inputOf } from '../config/support.ts';
import { searchText } from '../support/planted-secrets.ts';

export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
  served: ServeOptions[];
}

/**
 * Runs a command line with streams in memory and a gateway that stops at once with code 0. All that it prints is searched
 * for the secrets of its environment.
 */
export async function runCli(
  args: string[],
  given: Given & {
    tty?: boolean;
    fetch?: typeof fetch;
    serve?: CliIo['serve'];
    interruption?: AbortSignal;
    /** Standard input. */
    stdin?: string;
    /** Default: the same bytes each time. */
    randomBytes?: CliIo['config']['randomBytes'];
    /** Default: the files given. */
    readFile?: CliIo['config']['readFile'];
    /** For files that a command writes. */
    cwd?: string;
  } = {},
): Promise<Ran> {
  const {
    fetch: fetchGiven = fetch,
    serve,
    interruption,
    randomBytes,
    readFile,
    cwd,
    stdin = '',
    ...config
  } = given;
  const written = { stdout: '', stderr: '' };
  const served: ServeOptions[] = [];
  const output = (name: keyof typeof written) => ({
    isTTY: given.tty === true,
    write(text: string) {
      written[name] += text;
    },
  });
  const code = await run(args, {
    stdout: output('stdout'),
    stderr: output('stderr'),
    config: {
      ...inputOf(config),
      ...(randomBytes === undefined ? {} : { randomBytes }),
      ...(readFile === undefined ? {} : { readFile }),
      ...(cwd === undefined ? {} : { cwd }),
    },
    version: '1.2.3',
    serve:
      serve ??
      (async (options) => {
        served.push(options);
        return 0;
      }),
    fetch: fetchGiven,
    readStdin: async () => stdin,
    interruption: () => interruption ?? new AbortController().signal,
    elapsed: () => performance.now(),
  });
  searchText('answer', `what mau-guard ${args[0]} prints`, `${written.stdout}${written.stderr}`);
  return { code, ...written, served };
}
