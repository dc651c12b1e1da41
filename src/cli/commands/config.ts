import {
  formatFaults,
  formatFaultsJson,
  formatSettings,
  formatSettingsJson,
} from '../../config/format-config.ts';
import { type ConfigResult, loadConfig } from '../../config/load-config.ts';
import { type AddCommand, type CliIo, wantsColor } from '../cli-io.ts';
import { EXIT } from '../exit-codes.ts';
import { typedFlags } from '../typed-flags.ts';

const EXAMPLES = `Examples:
  mau-guard config check
  mau-guard config check --config staging.yaml --json
  mau-guard config print
`;

interface Options {
  port?: string;
  host?: string;
  config?: string;
  json?: true;
}

type Loaded = Extract<ConfigResult, { ok: true }>;

/** `config check` and `config print`. Exit 2 when anything is at fault; nothing is written anywhere. */
export const addConfigCommand: AddCommand = (program, io, finish) => {
  const group = program
    .command('config')
    .description('check and show the configuration')
    .addHelpText('before', EXAMPLES);
  const add = (name: string, description: string, tell: (loaded: Loaded, options: Options) => void) =>
    group
      .command(name)
      .description(description)
      .option('--port <port>', 'as if served with it')
      .option('--host <host>', 'as if served with it')
      .option('--config <file>', 'config file, before MAU_CONFIG_FILE')
      .option('--json', 'print JSON')
      .action((options: Options) => {
        const result = load(io, options);
        if (result.ok) tell(result, options);
        else tellFaults(io, result.faults, options);
        finish(result.ok ? EXIT.ok : EXIT.usage);
      });

  add('check', 'report every fault of environment and config file at once', ({ settings }, options) => {
    if (options.json)
      return io.stdout.write(`${JSON.stringify({ ok: true, demo: settings.demo }, null, 2)}\n`);
    tellNotices(io, settings.notices);
    io.stdout.write(settings.demo ? 'No faults: demo mode would start.\n' : 'No faults.\n');
  });
  add(
    'print',
    'show every setting and where it comes from, secrets masked',
    ({ settings, sources }, options) => {
      if (options.json) return io.stdout.write(formatSettingsJson(sources, settings.demo, settings.notices));
      tellNotices(io, settings.notices);
      io.stdout.write(formatSettings(sources, { color: wantsColor(io, io.stdout) }));
    },
  );
};

function load(io: CliIo, options: Options): ConfigResult {
  // Looking must leave nothing behind, so the demo's secret is not made; it is masked anyway.
  const demoIdentitySecret = () => '-'.repeat(32);
  return loadConfig({ ...io.config, flags: typedFlags(options), demoIdentitySecret });
}

function tellFaults(
  io: CliIo,
  faults: Extract<ConfigResult, { ok: false }>['faults'],
  options: Options,
): void {
  if (options.json) io.stdout.write(formatFaultsJson(faults));
  else io.stderr.write(formatFaults(faults, { color: wantsColor(io, io.stderr) }));
}

function tellNotices(io: CliIo, notices: readonly string[]): void {
  for (const notice of notices) io.stderr.write(`note: ${notice}\n`);
}
