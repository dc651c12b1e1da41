import { loadConfig } from '../../config/load-config.ts';
import { systemClock } from '../../system-clock.ts';
import { type AddCommand, wantsColor } from '../cli-io.ts';
import { EXIT } from '../exit-codes.ts';
import { formatDoctor } from '../operator/format-doctor.ts';
import { typedFlags } from '../typed-flags.ts';

const EXAMPLES = `Examples:
  mau-guard doctor
  mau-guard doctor --offline              without opening a connection
  mau-guard doctor --strict --json        for scripts: warnings are errors
`;

interface Options {
  config?: string;
  json?: true;
  offline?: boolean;
  strict?: boolean;
}

/** `doctor`: looks at all that a gateway with this configuration depends on. Exit 3 when it found errors. */
export const addDoctorCommand: AddCommand = (program, io, finish) => {
  program
    .command('doctor')
    .description('check configuration, ledger, Twilio, issuers and addresses; changes nothing anywhere')
    .addHelpText('before', EXAMPLES)
    .option('--config <file>', 'config file, before MAU_CONFIG_FILE')
    .option('--offline', 'leave out what opens a connection')
    .option('--strict', 'warnings are errors')
    .option('--json', 'print JSON')
    .action(async ({ offline = false, strict = false, json, ...flags }: Options) => {
      // Looking must leave nothing behind, so the demo's secret is not made.
      const demoIdentitySecret = () => '-'.repeat(32);
      const config = loadConfig({ ...io.config, flags: typedFlags(flags), demoIdentitySecret });
      // Loaded only now, as the gateway is for `serve`.
      const { runDoctor } = await import('../../wire/wire-doctor.ts');
      const report = await runDoctor({
        ...{ config, offline, strict },
        now: systemClock.now,
        elapsed: io.elapsed,
        fetch: io.fetch,
      });
      const lines = json
        ? [JSON.stringify(report, null, 2)]
        : formatDoctor(report, { color: wantsColor(io, io.stdout) });
      io.stdout.write(`${lines.join('\n')}\n`);
      finish(report.ok ? EXIT.ok : EXIT.unwell);
    });
};
