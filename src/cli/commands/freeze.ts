import { type FreezeAnswer, freezeAnswerSchema } from '../../contract/steering.ts';
import type { AddCommand } from '../cli-io.ts';
import { EXIT } from '../exit-codes.ts';
import {
  addOperatorOptions,
  addWriteOptions,
  type OperatorOptions,
  requireReason,
  type WriteOptions,
} from '../operator/operator-options.ts';
import { withGateway } from '../operator/session.ts';

const EXAMPLES = `Examples:
  mau-guard freeze status
  mau-guard freeze on --reason "sign-ups are under attack"
  mau-guard freeze off --reason "it is over"
`;

const PATH = '/v1/freeze';

/** `freeze on | off | status`: whether people who are new to the month are admitted. */
export const addFreezeCommand: AddCommand = (program, io, finish) => {
  const group = program
    .command('freeze')
    .description('stop and allow new people; those counted this month are served all the same')
    .addHelpText('beforeAll', EXAMPLES);

  addOperatorOptions(group.command('status'))
    .description('say whether new people are admitted')
    .action(async (options: OperatorOptions) => {
      finish(
        await withGateway(io, options, async (session) => {
          const { data, json } = await session.read({ path: PATH, schema: freezeAnswerSchema });
          session.tell(json, [describe(data)]);
          return EXIT.ok;
        }),
      );
    });

  const addSwitch = (name: 'on' | 'off', description: string) =>
    addWriteOptions(group.command(name))
      .description(description)
      .action(async (options: WriteOptions) => {
        finish(
          await withGateway(io, options, async (session) => {
            const reason = requireReason(options);
            const { data, json } = await session.write({
              ...(name === 'on'
                ? { method: 'PUT', body: { reason } }
                : { method: 'DELETE', query: { reason } }),
              path: PATH,
              schema: freezeAnswerSchema,
            });
            session.tell(json, [describe(data)]);
            return EXIT.ok;
          }),
        );
      });
  addSwitch('on', 'admit nobody new, from the next request on, on every gateway');
  addSwitch('off', 'admit new people again');
};

function describe({ service, month, frozen, since }: FreezeAnswer): string {
  return frozen
    ? `${service}, ${month}: frozen since ${since}; nobody new is admitted`
    : `${service}, ${month}: not frozen; new people are admitted`;
}
