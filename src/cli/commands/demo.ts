import type { AddCommand } from '../cli-io.ts';
import { typedFlags } from '../typed-flags.ts';

const EXAMPLES = `Examples:
  mau-guard demo
  mau-guard demo --port 0
`;

/** `demo`: the gateway on samples, on this machine only. */
export const addDemoCommand: AddCommand = (program, io, finish) => {
  program
    .command('demo')
    .description('start with samples, whatever TWILIO_ and AUTH_ variables say')
    .addHelpText('before', EXAMPLES)
    .option('--port <port>', 'port to listen on, before PORT')
    .option('--host <host>', 'loopback address to listen on, before HOST')
    .option('--config <file>', 'config file, before MAU_CONFIG_FILE')
    .action(async (options: { port?: string; host?: string; config?: string }) => {
      finish(await io.serve({ flags: typedFlags(options), demo: true, acceptNewIdentities: false }));
    });
};
