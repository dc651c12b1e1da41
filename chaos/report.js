import { formatNumber, formatTable } from '../bench/report/table.js';
import { percentileOf } from '../bench/statistics.js';
import { commandOf } from './options.js';
import { createAwayCheck } from './promises/store-away.js';

const VIOLATIONS_SHOWN = 12;

/**
 * A run in figures, and a line for each promise.
 *
 * @param {import('./run/run-chaos.js').Result} result
 */
export function reportChaos(result) {
  const { options, store, verdicts } = result;
  return [
    `chaos: ${store}, ${options.gateways} gateways, seed ${options.seed}`,
    '',
    ...formatRows('what happened', rowsOf(result)),
    '',
    ...formatRows('answers', answerRows(result.history)),
    '',
    ...formatRows('back at work, ms', recoveryRows(result.history)),
    '',
    ...verdicts.flatMap(formatVerdict),
    '',
    `again: ${commandOf(options)}`,
    `log:   ${options.logFile}`,
    '',
  ].join('\n');
}

/** @param {import('./run/run-chaos.js').Result} result */
export function isHeld({ verdicts }) {
  return verdicts.every(({ judged, violations }) => !judged || violations.length === 0);
}

function rowsOf({ history, books, seconds, rounds, dropped }) {
  const notes = (name) => history.notes.filter(({ what }) => what === name);
  const faults = notes('store');
  const acknowledged = history.evidence.filter((one) => one.acknowledged).length;
  const kills = faults.filter(({ fault }) => fault === 'kill').length;
  return [
    ['seconds', seconds],
    ['rounds, each followed by a check', rounds],
    ['months', books.months.length],
    ['SIGKILLs of gateways', notes('gateway-killed').length],
    ['SIGKILLs of the store', kills],
    ['other faults of the store', faults.length - kills],
    ['gateways that refused to start without a store', notes('gateway-ended').length],
    ['tokens that clients got', history.tokens.length],
    ['different ones', new Set(history.tokens.map(({ token }) => token)).size],
    ['tokens got while the store was away', history.tokens.filter(createAwayCheck(history, 0)).length],
    ['evidence acknowledged', acknowledged],
    ['evidence sent, not acknowledged', history.evidence.length - acknowledged],
    ['writes of operators', history.writes.length],
    ['identities in all months', books.months.reduce((sum, month) => sum + month.identities.length, 0)],
    ['rows of the mint log', books.months.reduce((sum, month) => sum + month.mints.length, 0)],
    ['rows whose token nobody got', rowsWithoutToken(history, books)],
    ['alerts', books.alerts.length],
    ['requests not made, since too many were under way', dropped],
  ];
}

function rowsWithoutToken(history, { months }) {
  const rows = months.reduce((sum, { mints }) => sum + mints.length, 0);
  return rows - new Set(history.tokens.map(({ token }) => token)).size;
}

function answerRows({ answers }) {
  return Object.entries(answers).flatMap(([kind, byAnswer]) =>
    Object.entries(byAnswer)
      .sort(([, one], [, two]) => two - one)
      .map(([answer, times]) => [`${kind}: ${answer}`, times]),
  );
}

function recoveryRows(history) {
  const { notes, tokens, turned } = history;
  const rows = [];
  const add = (name, values) => {
    if (values.length === 0) return;
    const sorted = Float64Array.from(values).sort();
    const of = `of ${values.length}`;
    rows.push(
      [`${name}, median ${of}`, percentileOf(sorted, 50)],
      [`${name}, p99`, percentileOf(sorted, 99)],
    );
  };
  add(
    'a gateway listens after its start',
    notes.filter(({ what }) => what === 'gateway-up').map(({ afterMs }) => afterMs),
  );
  const recovered = notes.filter(({ what }) => what === 'recovered');
  for (const fault of new Set(recovered.map((note) => note.fault))) {
    add(
      `store answers after ${fault}`,
      recovered.filter((note) => note.fault === fault).map(({ afterMs }) => afterMs),
    );
  }
  const isAway = createAwayCheck(history, 0);
  const unavailable = turned.filter(({ code }) => code === 'ledger-unavailable');
  add(
    'a token while the store is away',
    tokens.filter(isAway).map(({ tookMs }) => tookMs),
  );
  add(
    'a 503',
    unavailable.map(({ tookMs }) => tookMs),
  );
  return rows;
}

function formatRows(title, rows) {
  return formatTable(
    [title, ''],
    rows.map(([name, value]) => [name, formatNumber(value)]),
  );
}

function formatVerdict({ promise, checked, violations, judged, excused = [], words }) {
  const slow = excused.length > 0 ? `, ${excused.length} excused: the disk was too slow` : '';
  const of = `${formatNumber(checked)} checked${slow}${words === undefined ? '' : `; ${words}`}`;
  if (violations.length === 0) return [`PASS  ${promise} (${of})`];
  const word = judged ? 'FAIL' : 'LOST';
  const shown = violations.slice(0, VIOLATIONS_SHOWN).map((words) => `      - ${words}`);
  const more = violations.length - shown.length;
  return [
    `${word}  ${promise}: ${formatNumber(violations.length)} times (${of})`,
    ...shown,
    ...(more > 0 ? [`      … and ${more} more, in the log`] : []),
  ];
}
