import type { AddCommand, CliIo } from '../cli-io.ts';
import { EXIT } from '../exit-codes.ts';
import { formatImport } from '../operator/format-identity.ts';
import { importFile } from '../operator/import-file.ts';
import { listFormat, readListFile } from '../operator/list-file.ts';
import { addWriteOptions, requireReason, type WriteOptions } from '../operator/operator-options.ts';
import { createProgressBar, type ProgressBar } from '../operator/progress-bar.ts';
import { withGateway } from '../operator/session.ts';

interface Options extends WriteOptions {
  dryRun?: true;
  format?: string;
}

/**
 * `identities import`: existing user → identity pairs of a CSV or NDJSON file. Checks all of it first; a file with a
 * fault changes nothing and exits 2 with every fault.
 */
export const addImportCommand: AddCommand = (group, io, finish) => {
  addWriteOptions(group.command('import <file>'))
    .description(
      'take over existing user → identity pairs: subject, identity, and issuer and class where needed',
    )
    .option('--dry-run', 'only say what would be done, and all that is wrong')
    .option('--format <format>', 'csv or ndjson; by the name of the file unless told')
    .action(async (file: string, options: Options) => {
      finish(
        await withGateway(io, options, async (session) => {
          const reason = options.dryRun ? null : requireReason(options);
          const format = listFormat(file, options.format);
          const text = readListFile(io, file);
          const progress = createPhases(io);
          try {
            const report = await importFile(session, {
              ...{ text, format, reason, idempotencyKey: session.idempotencyKey },
              onProgress: progress.show,
            });
            progress.end();
            session.tell(report, formatImport(report));
            if (report.faultsTotal === 0) return EXIT.ok;
            if (!options.dryRun) session.say('Nothing was linked. Correct the lines above and run it again.');
            return EXIT.usage;
          } finally {
            progress.end();
          }
        }),
      );
    });
};

/** A bar for checking, then one for linking. */
function createPhases(io: CliIo) {
  let current: { phase: string; bar: ProgressBar } | null = null;
  const end = () => {
    current?.bar.end();
    current = null;
  };
  return {
    end,
    show(phase: 'checking' | 'linking', done: number, total: number) {
      if (total === 0) return;
      if (current?.phase !== phase) {
        end();
        current = { phase, bar: createProgressBar(io.stderr, { label: phase, total, now: io.elapsed }) };
      }
      current.bar.show(done);
    },
  };
}
