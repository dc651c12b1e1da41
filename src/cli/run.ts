import { Command, CommanderError } from 'commander';
import type { CliIo } from './cli-io.ts';
import { addArchiveCommand } from './commands/archive.ts';
import { addBackfillCommand } from './commands/backfill.ts';
import { addBudgetCommand } from './commands/budget.ts';
import { addCloseCommand } from './commands/close.ts';
import { addCompletionCommand } from './commands/completion.ts';
import { addConfigCommand } from './commands/config.ts';
import { addDemoCommand } from './commands/demo.ts';
import { addDoctorCommand } from './commands/doctor.ts';
import { addEstimateCommand } from './commands/estimate.ts';
import { addExplainCommand } from './commands/explain.ts';
import { addExportCommand } from './commands/export.ts';
import { addForecastCommand } from './commands/forecast.ts';
import { addFreezeCommand } from './commands/freeze.ts';
import { addHealthcheckCommand } from './commands/healthcheck.ts';
import { addIdentitiesCommand } from './commands/identities.ts';
import { addKeysCommand } from './commands/keys.ts';
import { addReconcileCommand } from './commands/reconcile.ts';
import { addRestoreCommand } from './commands/restore.ts';
import { addServeCommand } from './commands/serve.ts';
import { addSimulateCommand } from './commands/simulate.ts';
import { addTokenCommand } from './commands/token.ts';
import { addUsageCommand } from './commands/usage.ts';
import { addWasteCommand } from './commands/waste.ts';
import { EXIT } from './exit-codes.ts';

const EXAMPLES = `Examples:
  mau-guard demo                          try it, with nothing configured
  mau-guard serve --port 8080             start the gateway
  mau-guard config check                  report every fault of the configuration at once
  mau-guard doctor                        check everything that the gateway depends on
  mau-guard config print --json           every setting and where it comes from
  mau-guard keys new --name anna --role viewer
  mau-guard usage                         ask a running gateway; needs MAU_OPS_KEY
  mau-guard export --month 2026-10 --format csv --out october.csv
  mau-guard explain --issuer https://login.example.com/ --subject ada
`;

/** Runs one command line; resolves with the exit code. Never exits the process itself. */
export async function run(args: readonly string[], io: CliIo): Promise<number> {
  let code: number = EXIT.ok;
  const finish = (reported: number) => {
    code = reported;
  };
  const program = new Command('mau-guard')
    .description('Token-issuing gateway with an exact monthly-active-user guard for Twilio Conversations')
    .version(io.version)
    .addHelpText('before', EXAMPLES)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
    });
  for (const add of [
    addServeCommand,
    addDemoCommand,
    addConfigCommand,
    addDoctorCommand,
    addKeysCommand,
    addBudgetCommand,
    addFreezeCommand,
    addIdentitiesCommand,
    addExplainCommand,
    addSimulateCommand,
    addBackfillCommand,
    addForecastCommand,
    addWasteCommand,
    addEstimateCommand,
    addUsageCommand,
    addExportCommand,
    addReconcileCommand,
    addCloseCommand,
    addArchiveCommand,
    addRestoreCommand,
    addTokenCommand,
    addCompletionCommand,
    addHealthcheckCommand,
  ]) {
    add(program, io, finish);
  }
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    io.stderr.write(`mau-guard: ${error instanceof Error ? error.message : String(error)}\n`);
    return EXIT.failure;
  }
}
