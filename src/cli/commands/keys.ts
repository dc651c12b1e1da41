import { createHash } from 'node:crypto';
import { InvalidArgumentError, Option } from 'commander';
import type { AddCommand } from '../cli-io.ts';

const EXAMPLES = `Examples:
  mau-guard keys new --name anna --role admin
  mau-guard keys new --name ci --role viewer --json
`;

/** `keys new`: a key for an operator and its entry for `OPS_API_KEYS`. The key is stored nowhere. */
export const addKeysCommand: AddCommand = (program, io) => {
  const group = program
    .command('keys')
    .description('make keys for operators and backends')
    .addHelpText('before', EXAMPLES);
  group
    .command('new')
    .description('make a key; it is shown once and stored nowhere')
    .option('--name <name>', 'who it is for', parseName, 'ops')
    .addOption(
      new Option('--role <role>', 'what it may do').choices(['viewer', 'finance', 'admin']).default('viewer'),
    )
    .option('--json', 'print JSON')
    .action(({ name, role, json }: { name: string; role: string; json?: true }) => {
      const key = `mgk_${Buffer.from(io.config.randomBytes(32)).toString('base64url')}`;
      const sha256 = createHash('sha256').update(key).digest('hex');
      const entry = `${name}:${role}:${sha256}`;
      if (json) {
        io.stdout.write(`${JSON.stringify({ name, role, key, sha256, entry }, null, 2)}\n`);
        return;
      }
      io.stderr.write('The key, shown only now, and its entry for OPS_API_KEYS:\n');
      io.stdout.write(`${key}\n${entry}\n`);
    });
};

function parseName(text: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/.test(text)) return text;
  throw new InvalidArgumentError('Letters, digits, dots, dashes, underscores and @, 64 at most.');
}
