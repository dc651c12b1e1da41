import { closingSchema } from '../../contract/closing.ts';
import type { AddCommand } from '../cli-io.ts';
import { EXIT } from '../exit-codes.ts';
import { formatClosing } from '../operator/format-closing.ts';
import { addWriteOptions, requireReason, type WriteOptions } from '../operator/operator-options.ts';
import { withGateway } from '../operator/session.ts';

const EXAMPLES = `Examples:
  mau-guard close --month 2026-10 --reason "books of October"
  mau-guard close --month 2026-10 --show
`;

interface Options extends WriteOptions {
  month: string;
  show?: true;
}

/** The gateway reads everybody of the month. */
const PATIENCE_MS = 120_000;

/** `close`: freezes and signs the figures of a month that is over; shows what is another since then. */
export const addCloseCommand: AddCommand = (program, io, finish) => {
  addWriteOptions(program.command('close'))
    .description('freeze and sign the figures of a month that is over')
    .addHelpText('before', EXAMPLES)
    .requiredOption('--month <month>', 'YYYY-MM')
    .option('--show', 'only show what was frozen, and what is another now')
    .action(async (options: Options) => {
      finish(
        await withGateway(io, options, async (session) => {
          const question = {
            path: `/v1/months/${encodeURIComponent(options.month)}/close`,
            schema: closingSchema,
            patienceMs: PATIENCE_MS,
          };
          const { data, json } = options.show
            ? await session.read(question)
            : await session.write({ ...question, method: 'POST', body: { reason: requireReason(options) } });
          session.tell(json, formatClosing(data));
          return EXIT.ok;
        }),
      );
    });
};
