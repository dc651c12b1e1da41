import { wasteSchema } from '../../contract/figures.ts';
import type { AddCommand } from '../cli-io.ts';
import { EXIT } from '../exit-codes.ts';
import { formatWaste } from '../operator/format-waste.ts';
import { addOperatorOptions, type OperatorOptions } from '../operator/operator-options.ts';
import { withGateway } from '../operator/session.ts';

const EXAMPLES = `Examples:
  mau-guard waste
  mau-guard waste --month 2026-10 --rules identity-page-2026-11 --json
`;

interface Options extends OperatorOptions {
  month: string;
  rules?: string;
}

/** `waste`: identities that may be billed and gave no value, and what was saved. */
export const addWasteCommand: AddCommand = (program, io, finish) => {
  addOperatorOptions(program.command('waste'))
    .description('identities that cost money and gave no value')
    .addHelpText('before', EXAMPLES)
    .option('--month <month>', 'YYYY-MM or current', 'current')
    .option('--rules <version>', 'counting rules; those in force unless told')
    .action(async (options: Options) => {
      finish(
        await withGateway(io, options, async (session) => {
          const path = `/v1/months/${encodeURIComponent(options.month)}/waste`;
          const query: Record<string, string> = options.rules === undefined ? {} : { rules: options.rules };
          const { data, json } = await session.read({ path, query, schema: wasteSchema });
          session.tell(json, formatWaste(data));
          return EXIT.ok;
        }),
      );
    });
};
