import { simulationAnswerSchema } from '../../contract/simulation.ts';
import { budgetAnswerSchema } from '../../contract/steering.ts';
import type { AddCommand, CliIo } from '../cli-io.ts';
import { EXIT } from '../exit-codes.ts';
import {
  addBudgetEditOptions,
  type BudgetEditOptions,
  type BudgetParts,
  editBudget,
  isWithoutEdits,
  parseBudgetEdits,
} from '../operator/budget-edits.ts';
import { formatSimulation } from '../operator/format-simulation.ts';
import { addOperatorOptions, type OperatorOptions } from '../operator/operator-options.ts';
import { gather, parsePair } from '../operator/parse-named.ts';
import { readJsonFile } from '../operator/read-file.ts';
import { type Session, withGateway } from '../operator/session.ts';
import { UsageError } from '../operator/usage-error.ts';

const EXAMPLES = `Examples:
  mau-guard simulate --month 2026-10 --limit 900 --mode block
  mau-guard simulate --month 2026-10 --intent notification=deny --class guest=100
  mau-guard simulate --month current --policy policy.json --json
`;

interface Options extends OperatorOptions, BudgetEditOptions {
  month: string;
  policy?: string;
  intent?: string[];
}

/** Every mint of the month is played again. */
const PATIENCE_MS = 300_000;

/** `simulate`: what a recorded month would have minted, refused and cost under another policy. Writes nothing. */
export const addSimulateCommand: AddCommand = (program, io, finish) => {
  addBudgetEditOptions(addOperatorOptions(program.command('simulate')))
    .description('play a recorded month again under another policy')
    .addHelpText('before', EXAMPLES)
    .option('--month <month>', 'YYYY-MM or current', 'current')
    .option('--intent <name=rule>', 'allow, deny, needs-reason or known-only; may be repeated', gather)
    .option('--policy <file>', 'a JSON object as POST /v1/simulations takes it: intents, budget, raises')
    .action(async (options: Options) => {
      finish(
        await withGateway(io, options, async (session) => {
          const policy = await buildPolicy(io, session, options);
          const { data, json } = await session.read({
            method: 'POST',
            path: '/v1/simulations',
            schema: simulationAnswerSchema,
            body: { month: options.month, policy },
            patienceMs: PATIENCE_MS,
          });
          session.tell(json, formatSimulation(data));
          return EXIT.ok;
        }),
      );
    });
};

/** The policy of the file, if any, with what else was typed. */
async function buildPolicy(io: CliIo, session: Session, options: Options): Promise<object> {
  const policy = options.policy === undefined ? {} : readJsonFile(io, options.policy);
  const intents = Object.fromEntries((options.intent ?? []).map((text) => parsePair('--intent', text)));
  const edits = parseBudgetEdits(options);
  const isPlain = isWithoutEdits(edits);
  if (Object.keys(policy).length === 0 && Object.keys(intents).length === 0 && isPlain) {
    throw new UsageError('say what to try, such as --limit 900 --mode block, or --policy FILE');
  }
  if (!isPlain && policy['budget'] !== undefined) {
    throw new UsageError('the policy file has a budget already: change it there, or take it out');
  }
  return {
    ...policy,
    ...(Object.keys(intents).length === 0
      ? {}
      : { intents: { ...(policy['intents'] as object), ...intents } }),
    ...(isPlain ? {} : { budget: editBudget(await readBudget(session), edits) }),
  };
}

/** What is not typed is taken from the present budget. */
async function readBudget(session: Session): Promise<BudgetParts> {
  const { data } = await session.read({ path: '/v1/budget', schema: budgetAnswerSchema });
  return data;
}
