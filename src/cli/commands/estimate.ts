import { formatFaults } from '../../config/format-config.ts';
import { loadPriceTable } from '../../config/load-price-table.ts';
import { DEFAULT_PRICES, readShippedPrices } from '../../config/shipped-reckoning.ts';
import { buildEstimate } from '../../reports/money/estimate.ts';
import { type AddCommand, wantsColor } from '../cli-io.ts';
import { EXIT } from '../exit-codes.ts';
import { formatEstimate } from '../operator/format-estimate.ts';
import { type EstimateFlags, parseEstimate } from '../operator/parse-estimate.ts';

const EXAMPLES = `Examples:
  mau-guard estimate --customers 1000 --agents 1000
  mau-guard estimate --customers 5000 --agents 40 --messages 20000 --message-rate 0.0109
  mau-guard estimate --customers 5000 --agents 40 --table twilio-public-2026-09 --json
  mau-guard estimate --threads 10000 --messages 20000 --message-rate 0.0109 --direct-rate 0.0079
`;

interface Options extends EstimateFlags {
  table: string;
  json?: true;
}

/** `estimate`: what a planned month would cost, beside the same messages without Conversations. Asks no gateway. */
export const addEstimateCommand: AddCommand = (program, io, finish) => {
  program
    .command('estimate')
    .description('what a planned month of Conversations would cost')
    .addHelpText('before', EXAMPLES)
    .option('--customers <n>', 'customers a month, each once')
    .option('--agents <n>', 'agents, each once however many customers they serve')
    .option('--messages <n>', 'SMS, WhatsApp and alike; chat messages cost nothing apart')
    .option('--message-rate <usd>', 'US dollars a message')
    .option('--threads <n>', 'conversations a month, for the reading that bills those')
    .option('--direct-rate <usd>', 'US dollars a message sent directly; default: the message rate')
    .option('--table <name>', 'price table by its name, or the path of a file', DEFAULT_PRICES)
    .option('--json', 'print JSON')
    .action((options: Options) => {
      const asked = parseEstimate(options);
      const loaded = loadPriceTable(options.table, '--table', io.config);
      for (const fault of asked.faults) io.stderr.write(`error: ${fault}\n`);
      if (!loaded.ok) io.stderr.write(formatFaults(loaded.faults, { color: wantsColor(io, io.stderr) }));
      if (asked.input === null || !loaded.ok) return finish(EXIT.usage);
      const estimate = buildEstimate(asked.input, loaded.table, readShippedPrices());
      const text = options.json
        ? JSON.stringify(estimate, null, 2)
        : formatEstimate(estimate, asked.input).join('\n');
      io.stdout.write(`${text}\n`);
      finish(EXIT.ok);
    });
};
