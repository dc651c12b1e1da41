import { ratiosByRound, spreadOf } from '../statistics.js';
import { formatSpread, formatTable } from './table.js';

/**
 * @param {Awaited<ReturnType<typeof import('../processes/processes-part.js').runProcessesPart>>} processes
 * @returns {string[]}
 */
export function reportProcesses({ cores, connections, figures }) {
  const perSecond = (rows) => rows.map((row) => row.perSecond);
  const one = perSecond(figures['1']);
  return [
    `Gateway processes behind one port, every login verified anew, ${connections} connections, ${cores} cores for all`,
    '',
    ...formatTable(
      ['processes', 'requests/s', 'times one process', 'CPU a request, µs'],
      Object.entries(figures).map(([count, rows]) => [
        count,
        formatSpread(spreadOf(perSecond(rows))),
        formatSpread(ratiosByRound(perSecond(rows), one)),
        formatSpread(spreadOf(rows.map((row) => row.serverMicroseconds))),
      ]),
    ),
  ];
}
