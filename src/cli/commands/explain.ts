import { explanationAnswerSchema } from '../../contract/explanation.ts';
import type { AddCommand, CliIo } from '../cli-io.ts';
import { EXIT } from '../exit-codes.ts';
import { formatExplanation } from '../operator/format-explanation.ts';
import { addOperatorOptions, type OperatorOptions } from '../operator/operator-options.ts';
import { gather, parsePair } from '../operator/parse-named.ts';
import { readJsonFile } from '../operator/read-file.ts';
import { withGateway } from '../operator/session.ts';
import { UsageError } from '../operator/usage-error.ts';

const EXAMPLES = `Examples:
  mau-guard explain --issuer https://login.example.com/ --subject 'auth0|4711'
  mau-guard explain --issuer https://login.example.com/ --subject grace --claim roles='["agent"]' --intent page_load
  mau-guard explain --issuer https://login.example.com/ --claims claims.json --tab-state hidden --json
`;

interface Options extends OperatorOptions {
  issuer?: string;
  subject?: string;
  claims?: string;
  claim?: string[];
  intent: string;
  tabState?: string;
  hint?: string[];
}

const HINTS: Readonly<Record<string, string>> = {
  prefetch: 'prefetch',
  crawler: 'crawler',
  'origin-missing': 'originMissing',
};

/** `explain`: what would become of a token request, and why. Mints and counts nothing. */
export const addExplainCommand: AddCommand = (program, io, finish) => {
  addOperatorOptions(program.command('explain'))
    .description('say what would become of a token request, and why; exits 4 when the budget would refuse it')
    .addHelpText('before', EXAMPLES)
    .option('--issuer <issuer>', 'the authority whose login it is, as configured; needed')
    .option('--subject <subject>', 'the person, as that authority names them: the claim sub')
    .option('--claim <name=value>', 'one more claim, JSON or plain text; may be repeated', gather)
    .option('--claims <file>', 'a JSON object of claims')
    .option('--intent <intent>', 'what the token is asked for', 'open_chat')
    .option('--tab-state <state>', 'focused, visible or hidden')
    .option('--hint <hint>', 'prefetch, crawler or origin-missing; may be repeated', gather)
    .action(async (options: Options) => {
      finish(
        await withGateway(io, options, async (session) => {
          const { data, json } = await session.read({
            method: 'POST',
            path: '/v1/explanations',
            schema: explanationAnswerSchema,
            body: buildRequest(io, options),
          });
          session.tell(json, formatExplanation(data));
          if (data.caller === null) {
            session.say(
              'next step  Compare --issuer with `issuers` of the configuration, to the last slash, and the claims with ' +
                'what that issuer puts into its tokens.',
            );
            return EXIT.failure;
          }
          return data.refusal?.code === 'mau-budget-exhausted' ? EXIT.overBudget : EXIT.ok;
        }),
      );
    });
};

function buildRequest(io: CliIo, options: Options): object {
  if (options.issuer === undefined) throw new UsageError('say whose login it is with --issuer');
  const claims = {
    ...(options.claims === undefined ? {} : readJsonFile(io, options.claims)),
    ...(options.subject === undefined ? {} : { sub: options.subject }),
    ...Object.fromEntries((options.claim ?? []).map(parseClaim)),
  };
  if (Object.keys(claims).length === 0)
    throw new UsageError('say who it is with --subject, --claim or --claims');
  const hints = (options.hint ?? []).map((hint): [string, true] => {
    const name = HINTS[hint];
    if (name === undefined)
      throw new UsageError(`--hint ${hint}: must be prefetch, crawler or origin-missing`);
    return [name, true];
  });
  return {
    issuer: options.issuer,
    claims,
    request: {
      intent: options.intent,
      ...(options.tabState === undefined ? {} : { tabState: options.tabState }),
      ...(hints.length === 0 ? {} : { hints: Object.fromEntries(hints) }),
    },
  };
}

/** `roles=["agent"]` is a list, `sub=4711` a number as in JSON, everything else text. */
function parseClaim(text: string): [string, unknown] {
  const [name, value] = parsePair('--claim', text);
  try {
    return [name, JSON.parse(value)];
  } catch {
    return [name, value];
  }
}
