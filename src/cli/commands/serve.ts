import { availableParallelism } from 'node:os';
import { InvalidArgumentError, Option } from 'commander';
import type { AddCommand } from '../cli-io.ts';
import { typedFlags } from '../typed-flags.ts';

const EXAMPLES = `Examples:
  mau-guard serve
  mau-guard serve --port 8080 --config /etc/mau-guard.yaml
  mau-guard serve --processes 4           four processes behind one port; needs Redis
`;

const PROCESSES_MAX = 128;

interface Options {
  port?: string;
  host?: string;
  config?: string;
  acceptNewIdentities?: true;
  processes?: number;
  place?: number;
}

/** `serve`: the gateway, until it is told to stop. Exits 2 when it cannot start. */
export const addServeCommand: AddCommand = (program, io, finish) => {
  program
    .command('serve')
    .description('start the gateway; demo mode when nothing is configured')
    .addHelpText('before', EXAMPLES)
    .option('--port <port>', 'port to listen on, before PORT')
    .option('--host <host>', 'address to listen on, before HOST')
    .option('--config <file>', 'config file, before MAU_CONFIG_FILE')
    .option('--accept-new-identities', 'start although IDENTITY_SECRET is another one: everybody becomes new')
    .option('--processes <count>', 'processes that share the port; `auto`: one for each core', parseProcesses)
    .addOption(new Option('--place <number>').argParser(Number).hideHelp())
    .action(async (options: Options) => {
      const acceptNewIdentities = options.acceptNewIdentities === true;
      const { processes, place } = options;
      finish(
        await io.serve({
          ...{ flags: typedFlags(options), demo: false, acceptNewIdentities },
          ...(processes === undefined ? {} : { processes }),
          ...(place === undefined ? {} : { place }),
        }),
      );
    });
};

function parseProcesses(text: string): number {
  if (text === 'auto') return availableParallelism();
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= PROCESSES_MAX) return count;
  throw new InvalidArgumentError(`Give a number from 1 to ${PROCESSES_MAX}, or auto.`);
}
