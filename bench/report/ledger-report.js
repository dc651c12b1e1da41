import { ratiosByRound, spreadOf } from '../statistics.js';
import { formatNumber, formatSpread, formatTable } from './table.js';

/**
 * @param {Awaited<ReturnType<typeof import('../ledger/ledger-part.js').runLedgerPart>>} ledger
 * @returns {string[]}
 */
export function reportLedger({ identities, lanes, mixes, stores }) {
  return [
    `Redis ledger, a month of ${formatNumber(identities)} people, ${lanes} connections each with one call under way`,
    '',
    ...formatTable(
      ['mints', 'Redis CPU a mint, µs', 'mints/s'],
      Object.entries(mixes).map(([name, rows]) => [
        name,
        formatSpread(spreadOf(rows.map(({ redisMicroseconds }) => redisMicroseconds))),
        formatSpread(spreadOf(rows.map(({ perSecond }) => perSecond))),
      ]),
    ),
    '',
    ...Object.keys(stores).map((name) => {
      const ratio = formatSpread(firstToRepeat(mixes, name));
      return `A first mint costs Redis so many times a repeat mint, ${name}: ${ratio}`;
    }),
    '',
    ...formatTable(['the month', ...Object.keys(stores)], monthRows(Object.values(stores))),
  ];
}

function firstToRepeat(mixes, store) {
  const of = (kind) => {
    const name = Object.keys(mixes).find((key) => key.startsWith(`${store}: 100 % ${kind}`));
    return mixes[name].map(({ redisMicroseconds }) => redisMicroseconds);
  };
  return ratiosByRound(of('new'), of('known'));
}

function monthRows(stores) {
  const row = (title, figure) => [title, ...stores.map(figure)];
  return [
    row('filled by first mints, mints/s', ({ filling }) => formatNumber(filling.perSecond)),
    row('Redis CPU a first mint while filling, µs', ({ filling }) => formatNumber(filling.redisMicroseconds)),
    row('bytes an identity, one signal', ({ memory }) => formatNumber(memory.bytesPerIdentity)),
    row('bytes more for one further signal', ({ furtherSignal }) =>
      formatNumber(furtherSignal.bytesPerFurtherSignal),
    ),
    row('bytes a logged mint', ({ memory }) => formatNumber(memory.bytesPerLoggedMint)),
    row('longest record, bytes', ({ afterwards }) => formatNumber(afterwards.longestRecordBytes)),
    row('buckets', ({ afterwards }) =>
      Object.entries(afterwards.encodings)
        .map(([encoding, count]) => `${formatNumber(count)} ${encoding}`)
        .join(', '),
    ),
    row('Redis CPU a signal recorded, µs', ({ furtherSignal }) =>
      formatNumber(furtherSignal.redisMicrosecondsPerSignal),
    ),
    row('summary of the month, ms', ({ summaryMs }) => formatSpread(summaryMs)),
    row('longest Redis call, ms', ({ longest }) => formatLongest(longest)),
  ];
}

/**
 * @param {import('../system/slow-calls.js').LongestCall} longest
 */
export function formatLongest({ milliseconds, command }) {
  return command === ''
    ? `below ${formatNumber(milliseconds)}`
    : `${formatNumber(milliseconds)} (${command})`;
}
