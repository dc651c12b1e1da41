import type { AddCommand } from '../cli-io.ts';
import { typedFlags } from '../typed-flags.ts';

const EXAMPLES = `Examples:
  mau-guard serve
  mau-guard serve --port 8080 --config /etc/mau-guard.yaml
`;

interface Options {
  port?: string;
  host?: string;
  config?: string;
  acceptNewIdentities?: true;
}

/** `serve`: the gateway, until it is told to stop. Exits 2 on a fault of the configuration. */
export const addServeCommand: AddCommand = (program, io, finish) => {
  program
    .command('serve')
    .description('start the gateway; demo mode when nothing is configured')
    .addHelpText('before', EXAMPLES)
    .option('--port <port>', 'port to listen on, before PORT')
    .option('--host <host>', 'address to listen on, before HOST')
    .option('--config <file>', 'config file, before MAU_CONFIG_FILE')
    .option('--accept-new-identities', 'start although IDENTITY_SECRET is another one: everybody becomes new')
    .action(async (options: Options) => {
      const acceptNewIdentities = options.acceptNewIdentities === true;
      finish(await io.serve({ flags: typedFlags(options), demo: false, acceptNewIdentities }));
    });
};
