import { reconciliationSchema } from '../../contract/reconciliation.ts';
import type { AddCommand } from '../cli-io.ts';
import { EXIT } from '../exit-codes.ts';
import { formatReconciliation } from '../operator/format-reconciliation.ts';
import { addOperatorOptions, type OperatorOptions } from '../operator/operator-options.ts';
import { withGateway } from '../operator/session.ts';

const EXAMPLES = `Examples:
  mau-guard reconcile
  mau-guard reconcile --month 2026-10 --people
  mau-guard reconcile --month 2026-10 --reason "invoice of October"
  mau-guard reconcile --month 2026-10 --kept --json
`;

interface Options extends OperatorOptions {
  month: string;
  kept?: true;
  people?: true;
  reason?: string;
}

/** Comparing people takes a call of Twilio for each hundred of them. */
const PATIENCE_MS = 600_000;

/** `reconcile`: the ledger against Twilio's own record, pulled anew by the gateway. */
export const addReconcileCommand: AddCommand = (program, io, finish) => {
  addOperatorOptions(program.command('reconcile'))
    .description("hold a month against Twilio's own record, and split the gap by cause")
    .addHelpText('before', EXAMPLES)
    .option('--month <month>', 'YYYY-MM or current', 'current')
    .option('--kept', 'show what was pulled last, without asking Twilio')
    .option('--people', "also compare people by name, through Twilio's lists")
    .option('--reason <text>', 'why it is pulled; kept in the audit log, name no person in it')
    .action(async (options: Options) => {
      finish(
        await withGateway(io, options, async (session) => {
          const { data, json } = await session.read({
            method: options.kept ? 'GET' : 'POST',
            path: `/v1/months/${encodeURIComponent(options.month)}/reconciliation`,
            query: options.people && !options.kept ? { people: 'true' } : {},
            ...(options.reason !== undefined && !options.kept && { body: { reason: options.reason } }),
            schema: reconciliationSchema,
            patienceMs: PATIENCE_MS,
          });
          session.tell(json, formatReconciliation(data));
          return EXIT.ok;
        }),
      );
    });
};
