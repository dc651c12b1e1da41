import { type Month, monthStartSeconds, nextMonth } from '../../domain/month.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import { SIGNALS } from '../../domain/signal.ts';
import type { IdentityRecord, MintRecord } from '../records.ts';
import type { MonthFigures, PeopleBack } from '../retention.ts';
import type { Books } from './books.ts';
import { ANSWER_KINDS } from './month-counts.ts';
import { monthNumber } from './month-number.ts';
import { type Person, setMark, signalCode, whoIs } from './person.ts';
import { markReturning } from './record-evidence.ts';

/** Inside a transaction. */
export function restoreMints(
  { names, statements }: Books,
  service: ServiceName,
  month: Month,
  rows: readonly MintRecord[],
): void {
  const key = [names.numberOf(service), monthNumber(month)] as const;
  for (const row of rows) {
    statements.run('restore-mint', [
      ...[...key, row.ordinal, row.issuedAt, row.expiresAt - row.issuedAt, row.identity],
      row.subject === row.identity ? null : row.subject,
      ...[names.numberOf(row.className), names.numberOf(row.intent), names.numberOf(row.rule)],
      row.outcome === 'new' ? 1 : 0,
    ]);
  }
}

/** Inside a transaction. */
export function restorePeople(
  books: Books,
  service: ServiceName,
  month: Month,
  people: readonly IdentityRecord[],
  how: PeopleBack,
): void {
  const [book, bookAfter] = [books.month(service, month), books.month(service, nextMonth(month))];
  for (const record of people) {
    const who = whoIs(record.identity);
    if (book.find(who) === null) {
      const person = toPerson(books, month, record);
      if (book.wasInMonthBefore(who)) setMark(person, 'returning');
      book.save(who, person, how === 'count' ? null : record.mask);
    }
    // Also of those who are here already: a version before this one may have put them back.
    markReturning(bookAfter, who);
  }
}

/** Inside a transaction. */
export function raiseFigures(
  { names, statements }: Books,
  service: ServiceName,
  month: Month,
  { totals, days }: MonthFigures,
): void {
  const key = [names.numberOf(service), monthNumber(month)] as const;
  const [, minted] = statements.get<[number, number]>('read-month', key) ?? [0, 0];
  statements.run('add-to-month', [...key, 0, Math.max(0, totals.minted - minted)]);
  if (totals.conversations > 0) statements.run('raise-conversations', [...key, totals.conversations]);

  const answered = new Map<string, number>();
  const rows = statements.all<[day: number, kind: number, code: number, answers: number]>(
    'read-answers',
    key,
  );
  for (const [day, kind, code, answers] of rows) {
    const whole = `${kind}:${code}`;
    answered.set(whole, (answered.get(whole) ?? 0) + answers);
    answered.set(`${day}:${whole}`, answers);
  }
  const raise = (name: string, day: number, kind: number, code: number, least: number) => {
    const missing = least - (answered.get(name) ?? 0);
    if (missing > 0) statements.run('add-to-answers', [...key, day, kind, code, missing]);
  };
  const raiseDay = (day: number, kind: number, code: number, least: number) =>
    raise(`${day}:${kind}:${code}`, day, kind, code, least);
  for (const figures of days) {
    const day = Number(figures.day.slice(8));
    raiseDay(day, ANSWER_KINDS.minted, 0, figures.minted);
    raiseDay(day, ANSWER_KINDS.reused, 0, figures.reused);
    for (const [code, least] of Object.entries(figures.refused)) {
      raiseDay(day, ANSWER_KINDS.refused, names.numberOf(code), least);
    }
  }
  // On which days is shown nowhere.
  raise(`${ANSWER_KINDS.adopted}:0`, 1, ANSWER_KINDS.adopted, 0, totals.adopted);
  for (const [rule, least] of Object.entries(totals.shadow)) {
    const code = names.numberOf(rule);
    raise(`${ANSWER_KINDS.shadow}:${code}`, 1, ANSWER_KINDS.shadow, code, least);
  }
}

function toPerson({ names }: Books, month: Month, record: IdentityRecord): Person {
  const starts = monthStartSeconds(month);
  const { className, tenant, mask, firstSeen, lastSeen, mints } = record;
  return {
    ...{ mask, firstSeen, lastSeen, mints },
    classNumber: names.numberOf(className),
    tenantNumber: tenant === null ? null : names.numberOf(tenant),
    // Long ended, so that no token is given out again by it.
    lastToken: null,
    signals: SIGNALS.map((signal) => {
      const seen = record.signals.find((one) => one.signal === signal);
      return seen === undefined ? null : signalCode(Math.floor((seen.firstAt - starts) / 60), seen.source);
    }),
  };
}
