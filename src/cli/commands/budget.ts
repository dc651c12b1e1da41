import type { Command } from 'commander';
import { type BudgetAnswer, budgetAnswerSchema, raiseSchema } from '../../contract/steering.ts';
import type { AddCommand } from '../cli-io.ts';
import { EXIT } from '../exit-codes.ts';
import {
  addBudgetEditOptions,
  type BudgetEditOptions,
  type BudgetParts,
  editBudget,
  isWithoutEdits,
  parseBudgetEdits,
} from '../operator/budget-edits.ts';
import { describeUsedUp } from '../operator/describe-used-up.ts';
import { formatBudget, formatBudgetChange, formatFullLimits } from '../operator/format-budget.ts';
import {
  addOperatorOptions,
  addWriteOptions,
  type OperatorOptions,
  requireReason,
  type WriteOptions,
} from '../operator/operator-options.ts';
import { parseExpiry } from '../operator/parse-expiry.ts';
import { parseCount } from '../operator/parse-named.ts';
import { type Session, withGateway } from '../operator/session.ts';
import { UsageError } from '../operator/usage-error.ts';

const EXAMPLES = `Examples:
  mau-guard budget show
  mau-guard budget set --limit 5000 --mode block --reason "contract of 2027"
  mau-guard budget set --class guest=800 --reserve agent=20 --tenant acme=none --reason "fair shares"
  mau-guard budget raise 500 --until 2026-11-27T00:00:00Z --reason "sale of the week"
  mau-guard budget raise 100 --budget class:guest --until month-end --reason "conference"
  mau-guard budget raise --end raise_Vb3nKq --reason "sale is over"
`;

interface RaiseOptions extends WriteOptions {
  until?: string;
  budget: string;
  end?: string;
}

/** `budget show | set | raise`: how many identities a month may hold. */
export const addBudgetCommand: AddCommand = (program, io, finish) => {
  const group = program
    .command('budget')
    .description('see and set how many identities a month may hold')
    .addHelpText('beforeAll', EXAMPLES);

  addOperatorOptions(group.command('show'))
    .description('limits, how far they are used, raises; exits 4 when the whole budget is used up')
    .action(async (options: OperatorOptions) => {
      finish(
        await withGateway(io, options, async (session) => {
          const { data, json } = await readBudget(session);
          session.tell(json, formatBudget(data));
          if (data.mode === 'off' || data.remaining !== 0) return EXIT.ok;
          session.say(describeUsedUp(data.mode));
          return EXIT.overBudget;
        }),
      );
    });

  addBudgetEditOptions(addWriteOptions(group.command('set')))
    .description('change limits from the next request on; what is not named stays as it is')
    .action(async (options: WriteOptions & BudgetEditOptions) => {
      finish(await withGateway(io, options, (session) => setBudget(session, options)));
    });

  addRaiseOptions(addWriteOptions(group.command('raise')))
    .description('lift a limit for a time, or end such a raise')
    .action(async (identities: string | undefined, options: RaiseOptions) => {
      finish(await withGateway(io, options, (session) => raise(session, identities, options)));
    });
};

function addRaiseOptions(command: Command): Command {
  return command
    .argument('[identities]', 'added to the limit')
    .option('--until <instant>', 'when it ends: an instant, a day, or month-end')
    .option('--budget <scope>', 'which limit: all, class:<name> or tenant:<name>', 'all')
    .option('--end <id>', 'end this raise now');
}

function readBudget(session: Session) {
  return session.read({ path: '/v1/budget', schema: budgetAnswerSchema });
}

/** Rests on what was read just before: whoever writes in between is not overwritten. */
async function setBudget(session: Session, options: WriteOptions & BudgetEditOptions): Promise<number> {
  const reason = requireReason(options);
  const edits = parseBudgetEdits(options);
  if (isWithoutEdits(edits)) throw new UsageError('say what is to change, such as --limit 5000');
  const before = await readBudget(session);
  const wanted = editBudget(before.data, edits);
  const after = await session.write({
    method: 'PUT',
    path: '/v1/budget',
    schema: budgetAnswerSchema,
    ifMatch: before.etag,
    body: { ...withDefaults(wanted, before.data), reason },
  });
  const changes = formatBudgetChange(before.data, after.data);
  session.say(changes.length === 0 ? 'nothing is another than before' : changes.join('\n'));
  if (after.data.mode === 'off') session.say('note: mode is off, so that no limit holds; see --mode');
  if (changes.length > 0) for (const line of formatFullLimits(after.data)) session.say(line);
  session.tell(after.json, formatBudget(after.data));
  return EXIT.ok;
}

/** Where there was no budget there were no thresholds either; then the gateway's own are meant. */
function withDefaults(wanted: BudgetParts, { source, mode }: BudgetAnswer): object {
  const { thresholds, ...rest } = wanted;
  const hadNone = source === 'configured' && mode === 'off' && thresholds.length === 0;
  return hadNone ? rest : wanted;
}

async function raise(
  session: Session,
  identities: string | undefined,
  options: RaiseOptions,
): Promise<number> {
  const reason = requireReason(options);
  if (options.end !== undefined) {
    if (identities !== undefined) throw new UsageError('either a number of identities or --end, not both');
    const ended = await session.write({
      method: 'DELETE',
      path: `/v1/budget/raises/${encodeURIComponent(options.end)}`,
      query: { reason },
      schema: raiseSchema,
    });
    session.tell(ended.json, [`${ended.data.id} has ended`]);
    return EXIT.ok;
  }
  const added = identities === undefined ? null : parseCount('identities', identities);
  if (added === null) throw new UsageError('say how many identities, such as: budget raise 500');
  if (options.until === undefined)
    throw new UsageError('say until when with --until, such as --until month-end');
  const { data } = await readBudget(session);
  const { data: made, json } = await session.write({
    method: 'POST',
    path: '/v1/budget/raises',
    schema: raiseSchema,
    body: {
      identities: added,
      expiresAt: parseExpiry(options.until, data.month),
      budget: options.budget,
      reason,
    },
  });
  session.tell(json, [`${made.id}: ${made.budget} + ${made.identities} until ${made.expiresAt}`]);
  return EXIT.ok;
}
