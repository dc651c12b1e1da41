import { freezeAnswerSchema } from '../../contract/steering.ts';
import { monthSummarySchema } from '../../contract.ts';
import type { AddCommand } from '../cli-io.ts';
import { EXIT } from '../exit-codes.ts';
import { describeUsedUp } from '../operator/describe-used-up.ts';
import { formatUsage } from '../operator/format-usage.ts';
import { addOperatorOptions, type OperatorOptions } from '../operator/operator-options.ts';
import { withGateway } from '../operator/session.ts';

const EXAMPLES = `Examples:
  mau-guard usage
  mau-guard usage --month 2026-10 --json
  mau-guard usage --rules audit-article-2026-11
  mau-guard usage > /dev/null || echo "over budget, or no answer"
`;

interface Options extends OperatorOptions {
  month: string;
  rules?: string;
}

/** `usage`: the figures of a month. */
export const addUsageCommand: AddCommand = (program, io, finish) => {
  addOperatorOptions(program.command('usage'))
    .description('the figures of a month; exits 4 when its whole budget is used up')
    .addHelpText('before', EXAMPLES)
    .option('--month <month>', 'YYYY-MM or current', 'current')
    .option('--rules <version>', 'count by other rules than those in force')
    .action(async (options: Options) => {
      finish(
        await withGateway(io, options, async (session) => {
          const { data, json } = await session.read({
            path: `/v1/months/${encodeURIComponent(options.month)}`,
            query: options.rules === undefined ? {} : { rules: options.rules },
            schema: monthSummarySchema,
          });
          const isCurrent = data.asOf.startsWith(data.month);
          // The summary does not say it, and figures that stand still are read otherwise when nobody new is let in.
          const freeze =
            isCurrent && !options.json
              ? (await session.read({ path: '/v1/freeze', schema: freezeAnswerSchema })).data
              : null;
          session.tell(json, formatUsage(data, freeze?.since ?? null));
          const { budget } = data;
          const isOver = budget !== null && budget.mode !== 'off' && budget.remaining === 0;
          if (!isOver) return EXIT.ok;
          if (isCurrent) session.say(describeUsedUp(budget.mode));
          return EXIT.overBudget;
        }),
      );
    });
};
