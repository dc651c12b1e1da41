import { setTimeout as pause } from 'node:timers/promises';
import { type BackfillAnswer, backfillSchema } from '../../contract/backfill.ts';
import type { AddCommand, CliIo } from '../cli-io.ts';
import { EXIT } from '../exit-codes.ts';
import { formatBackfill, formatBackfillLine } from '../operator/format-backfill.ts';
import { addWriteOptions, requireReason, type WriteOptions } from '../operator/operator-options.ts';
import { createProgressLine } from '../operator/progress-line.ts';
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
/** Words on something that is no terminal come this often. */
const WORDS_MS = 30_000;

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
            const progress = showProgress(io, session.say);
            try {
              for (; data.state === 'running'; ) {
                progress.show(data);
                await pause(LOOK_MS);
                // By name, so that the turn of a month does not lead to another one.
                const named = `/v1/months/${data.month}/backfill`;
                ({ data, json } = await session.read({ path: named, schema: backfillSchema }));
              }
            } finally {
              progress.end();
            }
          }
          session.tell(json, formatBackfill(data));
          return data.state === 'stopped' ? EXIT.failure : EXIT.ok;
        }),
      );
    });
};

/** A line that renews itself on a terminal, a line now and then elsewhere. */
function showProgress(io: CliIo, say: (words: string) => void) {
  if (io.stderr.isTTY === true) {
    const line = createProgressLine(io.stderr);
    return { show: (data: BackfillAnswer) => line.show(formatBackfillLine(data)), end: line.end };
  }
  let toldAt: number | null = null;
  return {
    show(data: BackfillAnswer) {
      const now = io.elapsed();
      if (toldAt !== null && now - toldAt < WORDS_MS) return;
      toldAt = now;
      say(formatBackfillLine(data));
    },
    end() {},
  };
}
