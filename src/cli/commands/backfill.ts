import { setTimeout as pause } from 'node:timers/promises';
import { backfillSchema } from '../../contract/backfill.ts';
import type { AddCommand } from '../cli-io.ts';
import { EXIT } from '../exit-codes.ts';
import { createBackfillView } from '../operator/backfill-view.ts';
import { formatBackfill } from '../operator/format-backfill.ts';
import { addWriteOptions, requireReason, type WriteOptions } from '../operator/operator-options.ts';
import { withGateway } from '../operator/session.ts';

const EXAMPLES = `Examples:
  mau-guard backfill --month 2026-10 --reason "webhooks were off until the 12th"
  mau-guard backfill --month current --detach --reason "moving in" --json
`;

interface Options extends WriteOptions {
  month: string;
  detach?: true;
}

/** How often the gateway is asked how far it is. */
const LOOK_MS = 1_000;

/** `backfill`: reads a month at Twilio, by the gateway, and waits for it. Breaking off here does not stop it there. */
export const addBackfillCommand: AddCommand = (program, io, finish) => {
  addWriteOptions(program.command('backfill'))
    .description('read what Twilio still knows of a month, and add it as evidence')
    .addHelpText('before', EXAMPLES)
    .requiredOption('--month <month>', 'YYYY-MM or current')
    .option('--detach', 'do not wait for the end')
    .action(async (options: Options) => {
      finish(
        await withGateway(io, options, async (session) => {
          const reason = requireReason(options);
          const path = `/v1/months/${encodeURIComponent(options.month)}/backfill`;
          let { data, json } = await session.write({
            method: 'POST',
            path,
            schema: backfillSchema,
            body: { reason },
          });
          if (options.detach !== true) {
            const view = createBackfillView(io, session.say);
            try {
              for (; data.state === 'running'; ) {
                view.show(data);
                await pause(LOOK_MS);
                // By name, so that the turn of a month does not lead to another one.
                const named = `/v1/months/${data.month}/backfill`;
                ({ data, json } = await session.read({ path: named, schema: backfillSchema }));
              }
            } finally {
              view.end();
            }
          }
          session.tell(json, formatBackfill(data));
          return data.state === 'stopped' ? EXIT.failure : EXIT.ok;
        }),
      );
    });
};
