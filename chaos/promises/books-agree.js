import { monthsOf } from '../actions/ask-token.js';
import { monthOf } from '../months.js';

/**
 * The set of a month is who stands in its mint log, and who was told of; and every total of the ledger is what a recount
 * of its exports gives.
 *
 * @param {import('./judge.js').Evidence} evidence
 * @returns {import('./judge.js').Finding}
 */
export function booksAgree({ history, books }) {
  const violations = books.months.flatMap((month) => [
    ...checkSet(month, books, history),
    ...checkTotals(month),
    ...checkDays(month),
  ]);
  return { checked: books.months.reduce((sum, { identities }) => sum + identities.length, 0), violations };
}

function checkSet({ month, identities, mints }, { months }, history) {
  const listed = identities.map(({ identity }) => identity);
  const set = new Set(listed);
  const rowsInMonth = mints.map(({ identity }) => identity);
  // Rows of other months whose token reaches into this one.
  const reaching = months
    .filter((other) => other.month !== month)
    .flatMap(({ mints: rows }) => rows.filter((row) => monthsOf(lifeOf(row)).includes(month)))
    .map(({ identity }) => identity);
  const told = history.evidence.filter(({ atMs }) => monthOf(atMs) === month).map(({ identity }) => identity);
  const explained = new Set([...rowsInMonth, ...reaching, ...told]);
  const violations = [];
  if (set.size !== listed.length)
    violations.push(`${month}: ${listed.length - set.size} identities listed twice`);
  for (const identity of set)
    if (!explained.has(identity)) violations.push(`${month}: nobody knows ${identity}`);
  for (const identity of new Set([...rowsInMonth, ...reaching])) {
    if (!set.has(identity)) violations.push(`${month}: ${identity} has a row and is not counted`);
  }
  const rows = countBy(rowsInMonth);
  for (const { identity, mints: count } of identities) {
    if (count !== (rows[identity] ?? 0)) {
      violations.push(
        `${month}: ${identity} has ${count} mints by its record, ${rows[identity] ?? 0} by the log`,
      );
    }
  }
  return violations;
}

function lifeOf({ at, expiresAt }) {
  return { iat: Date.parse(at) / 1000, exp: Date.parse(expiresAt) / 1000 };
}

function checkTotals({ month, summary, identities, mints }) {
  const bySignal = countBy(identities.flatMap(({ signals }) => signals));
  return [
    ...differ(`${month}: identities`, { all: summary.identities.total }, { all: identities.length }),
    ...differ(`${month}: class`, summary.identities.byClass, countBy(identities.map((row) => row.class))),
    ...differ(`${month}: signal`, summary.identities.bySignal, bySignal),
    ...differ(`${month}: mints`, { rows: summary.mints.minted }, { rows: mints.length }),
  ];
}

function checkDays({ month, days, identities, mints }) {
  const dayOf = (instant) => instant.slice(0, 10);
  const firsts = countBy(identities.map((row) => `${dayOf(row.firstSeen)} ${row.class}`));
  const told = Object.fromEntries(
    days.flatMap(({ day, new: byClass }) =>
      Object.entries(byClass).map(([name, count]) => [`${day} ${name}`, count]),
    ),
  );
  const minted = Object.fromEntries(days.map((day) => [day.day, day.minted]));
  return [
    ...differ(`${month}: first seen`, told, firsts),
    ...differ(`${month}: minted`, minted, countBy(mints.map(({ at }) => dayOf(at)))),
    ...differ(`${month}: cumulative`, { last: days.at(-1)?.cumulative ?? 0 }, { last: identities.length }),
  ];
}

function differ(what, told, recounted) {
  const names = new Set([...Object.keys(told), ...Object.keys(recounted)]);
  return [...names]
    .filter((name) => (told[name] ?? 0) !== (recounted[name] ?? 0))
    .map((name) => `${what} ${name}: ${told[name] ?? 0}, recounted ${recounted[name] ?? 0}`);
}

function countBy(names) {
  const counts = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
