import type { AddCommand } from '../cli-io.ts';
import { addWriteOptions, requireReason, type WriteOptions } from '../operator/operator-options.ts';
import { withGateway } from '../operator/session.ts';
import { orderArchiveWork } from '../operator/wait-for-archive.ts';

const EXAMPLES = `Examples:
  mau-guard restore --month 2025-08 --reason "audit of 2025"
  mau-guard restore --month 2026-08 --reason "the ledger lost its disk" --detach
`;

interface Options extends WriteOptions {
  month: string;
  detach?: true;
}

/** `restore`: puts a month of the gateway's own archive back into the ledger. */
export const addRestoreCommand: AddCommand = (program, io, finish) => {
  addWriteOptions(program.command('restore'))
    .description("put a month of the gateway's archive back into the ledger")
    .addHelpText('before', EXAMPLES)
    .requiredOption('--month <month>', 'YYYY-MM')
    .option('--detach', 'do not wait for the end')
    .action(async (options: Options) => {
      finish(
        await withGateway(io, options, (session) =>
          orderArchiveWork(session, {
            path: `/v1/months/${encodeURIComponent(options.month)}/restore`,
            body: { reason: requireReason(options) },
            detach: options.detach === true,
          }),
        ),
      );
    });
};
