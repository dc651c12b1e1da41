import { spreadOf } from '../statistics.js';
import { formatNumber, formatSpread, formatTable } from './table.js';

/**
 * @param {Awaited<ReturnType<typeof import('../dashboard/dashboard-part.js').runDashboardPart>>} part
 * @returns {string[]}
 */
export function reportDashboard({ identities, looks, scripts }) {
  if (looks === null) return ['Dashboard: not measured, there is no Chromium'];
  const spread = (all, figure) => formatSpread(spreadOf(all.map(figure)));
  return [
    `Dashboard of a month of ${formatNumber(identities)} people in Chromium, not pinned; min / median / max of rounds`,
    '',
    ...formatTable(
      ['page', 'HTML, kB', 'first paint, first visit, ms', 'first paint, warm, ms', 'HTML there, warm, ms'],
      Object.entries(looks).map(([page, { first, warm }]) => [
        page,
        formatNumber(Math.max(...first.map(({ htmlBytes }) => htmlBytes)) / 1000),
        spread(first, ({ paintMs }) => paintMs),
        spread(warm, ({ paintMs }) => paintMs),
        spread(warm, ({ answerMs }) => answerMs),
      ]),
    ),
    '',
    `All scripts, gzip: ${formatNumber(scripts.gzipBytes / 1000)} kB`,
  ];
}
