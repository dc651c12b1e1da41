import { forecastSchema } from '../../contract/figures.ts';
import type { AddCommand } from '../cli-io.ts';
import { EXIT } from '../exit-codes.ts';
import { formatForecast } from '../operator/format-forecast.ts';
import { addOperatorOptions, type OperatorOptions } from '../operator/operator-options.ts';
import { withGateway } from '../operator/session.ts';

const EXAMPLES = `Examples:
  mau-guard forecast
  mau-guard forecast --month 2026-11 --json
`;

interface Options extends OperatorOptions {
  month: string;
}

/** `forecast`: what a month is thought to end with, and when its budget runs out. */
export const addForecastCommand: AddCommand = (program, io, finish) => {
  addOperatorOptions(program.command('forecast'))
    .description('what the month is thought to end with')
    .addHelpText('before', EXAMPLES)
    .option('--month <month>', 'YYYY-MM or current', 'current')
    .action(async (options: Options) => {
      finish(
        await withGateway(io, options, async (session) => {
          const path = `/v1/months/${encodeURIComponent(options.month)}/forecast`;
          const { data, json } = await session.read({ path, schema: forecastSchema });
          session.tell(json, formatForecast(data));
          return EXIT.ok;
        }),
      );
    });
};
