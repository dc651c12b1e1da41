import { spreadOf } from '../statistics.js';
import { formatLongest } from './ledger-report.js';
import { formatNumber, formatSpread, formatTable } from './table.js';

const MEBIBYTE = 2 ** 20;

/**
 * @param {Awaited<ReturnType<typeof import('../export/export-part.js').runExportPart>>} part
 * @returns {string[]}
 */
export function reportExport({ identities, figures, command }) {
  const spread = (rows, figure) => formatSpread(spreadOf(rows.map(figure)));
  return [
    `Export of ${formatNumber(identities)} people from the running gateway; min / median / max of rounds`,
    '',
    ...formatTable(
      [
        'format',
        'seconds',
        'gateway CPU, s',
        'Redis CPU, s',
        'first byte, s',
        'MiB',
        'memory growth, MiB',
        'longest Redis call, ms',
        'month summary, ms',
      ],
      Object.entries(figures).map(([format, rows]) => [
        format,
        spread(rows, ({ seconds }) => seconds),
        spread(rows, ({ cpuSeconds }) => cpuSeconds),
        spread(rows, ({ redisCpuSeconds }) => redisCpuSeconds),
        spread(rows, ({ firstByteSeconds }) => firstByteSeconds),
        formatNumber(rows[0].bytes / MEBIBYTE),
        spread(rows, ({ growthBytes }) => growthBytes && growthBytes / MEBIBYTE),
        formatLongest(longestOf(rows)),
        spread(rows, ({ summaryMs }) => summaryMs.median),
      ]),
    ),
    '',
    `The same by \`mau-guard export --format csv --out\`, start of the process included`,
    '',
    ...formatTable(
      [
        ...['seconds', 'gateway CPU, s', 'command CPU, s', 'MiB'],
        ...['growth of the gateway, MiB', 'growth of the command, MiB'],
      ],
      [
        [
          spread(command, ({ seconds }) => seconds),
          spread(command, ({ gatewayCpuSeconds }) => gatewayCpuSeconds),
          spread(command, ({ cpuSeconds }) => cpuSeconds),
          formatNumber(command[0].bytes / MEBIBYTE),
          spread(command, ({ gatewayGrowthBytes }) => gatewayGrowthBytes && gatewayGrowthBytes / MEBIBYTE),
          spread(command, ({ commandGrowthBytes }) => commandGrowthBytes && commandGrowthBytes / MEBIBYTE),
        ],
      ],
    ),
  ];
}

/**
 * The longest of several watches.
 *
 * @param {{ longest: import('../system/slow-calls.js').LongestCall }[]} rows
 */
export function longestOf(rows) {
  return rows.map(({ longest }) => longest).reduce((a, b) => (b.milliseconds > a.milliseconds ? b : a));
}
