import type { AddCommand, CliIo } from '../cli-io.ts';
import { EXIT } from '../exit-codes.ts';
import { formatToken, inspectToken } from '../operator/inspect-token.ts';
import { type MintOptions, mintToken } from '../operator/mint-token.ts';
import { DEFAULT_URL } from '../operator/operator-options.ts';
import { readTextFile } from '../operator/read-file.ts';
import { UsageError } from '../operator/usage-error.ts';

const EXAMPLES = `Examples:
  mau-guard token mint --login-file login.jwt
  mau-guard token mint --api-key-file backend.key --subject ada --json
  mau-guard token mint --login demo-ada-1a2b3c | mau-guard token inspect -
  mau-guard token inspect token.txt --json
`;

interface InspectOptions {
  json?: true;
}

/** `token mint | inspect`: a token as the app would get it, and what is in one. */
export const addTokenCommand: AddCommand = (program, io, finish) => {
  const group = program
    .command('token')
    .description('ask for a token as an app does, and look into one')
    .addHelpText('beforeAll', EXAMPLES);

  group
    .command('mint')
    .description('ask the gateway for a token; the person is counted as by any other request')
    .option('--url <url>', 'base URL of the running gateway', DEFAULT_URL)
    .option('--service <name>', 'which Conversations service')
    .option('--intent <intent>', 'what the token is for', 'open_chat')
    .option('--login <token>', 'login of the app; others on this machine can see it: for demos')
    .option('--login-file <file>', 'file with the login of the app')
    .option('--api-key-file <file>', 'file with the key of a trusted backend; with --subject')
    .option('--subject <subject>', 'for whom a trusted backend asks')
    .option('--guest-file <file>', 'file with a guest credential')
    .option('--json', "print the API's object")
    .action(async (options: MintOptions) => {
      finish(await telling(io, () => mintToken(io, options)));
    });

  group
    .command('inspect <file>')
    .description('what is in a token, read from a file or - for standard input; asks nobody')
    .option('--json', 'print JSON')
    .action(async (file: string, options: InspectOptions) => {
      finish(
        await telling(io, async () => {
          const text = file === '-' ? await io.readStdin() : readTextFile(io, file);
          const found = inspectToken(text.trim(), io.config.env);
          const lines = options.json ? [JSON.stringify(found, null, 2)] : formatToken(found);
          io.stdout.write(`${lines.join('\n')}\n`);
          return found.signature === 'invalid' ? EXIT.failure : EXIT.ok;
        }),
      );
    });
};

async function telling(io: CliIo, run: () => Promise<number>): Promise<number> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    io.stderr.write(`error: ${error.message}\n`);
    return EXIT.usage;
  }
}
