import { spreadOf } from '../statistics.js';
import { formatNumber, formatSpread, formatTable } from './table.js';

/**
 * @param {Awaited<ReturnType<typeof import('../embedded/embedded-part.js').runEmbeddedPart>>} embedded
 * @returns {string[]}
 */
export function reportEmbedded({ identities, inFlight, mixes }) {
  return [
    `Embedded ledger in a file, a month of ${formatNumber(identities)} people, ${inFlight} mints under way, each synced`,
    '',
    ...formatTable(
      ['mints', 'mints/s', 'CPU a mint, µs'],
      Object.entries(mixes).map(([name, rows]) => [
        name,
        formatSpread(spreadOf(rows.map(({ perSecond }) => perSecond))),
        formatSpread(spreadOf(rows.map(({ cpuMicroseconds }) => cpuMicroseconds))),
      ]),
    ),
  ];
}
