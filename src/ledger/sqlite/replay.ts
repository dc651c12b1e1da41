import { type Month, nextMonth } from '../../domain/month.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import type { ReplayedMint } from '../replay.ts';
import { type MonthReplay, replayByMonth } from '../replay-by-month.ts';
import type { Books } from './books.ts';
import type { MonthBook } from './month-book.ts';
import { isSameDay, type Person, setMark, whoIs } from './person.ts';
import { markReturning } from './record-evidence.ts';
import { saveCounted } from './save-counted.ts';

/** Writes down mints that were given out already, inside a transaction. */
export function replayMints(books: Books, service: ServiceName, mints: readonly ReplayedMint[]): void {
  for (const [month, entries] of replayByMonth(mints)) {
    for (const entry of entries) replayInto(books, service, month, entry);
  }
}

function replayInto(books: Books, service: ServiceName, month: Month, entry: MonthReplay): void {
  const { kind, mint, firstSeen } = entry;
  const book = books.month(service, month);
  const who = whoIs(mint.identity);
  const known = book.find(who);
  if (isDone(books, book, entry, known)) return;

  const source = kind === 'mint' ? 'gateway' : 'previous-month';
  const person =
    known ??
    book.newcomer(who, {
      classNumber: books.names.numberOf(mint.className),
      tenantNumber: mint.tenant === null ? null : books.names.numberOf(mint.tenant),
      ...{ at: firstSeen, signal: 'minted', source },
    });
  const [maskBefore, firstBefore] = [known ? known.mask : null, person.firstSeen];
  book.signal(person, 'minted', firstSeen, source);
  const isLogged = kind !== 'mint' || isCounted(person, mint);
  if (kind === 'mint') seeAgain(person, entry);
  if (!isLogged) person.mints += 1;
  if (known) book.counts.moveArrival(person, firstBefore);
  saveCounted(books, book, who, person, maskBefore);
  if (!known) markReturning(books.month(service, nextMonth(month)), who);
  if (!isLogged) logMint(books, book, entry, person.classNumber, known === null);
  noteDone(books, book, entry);
}

function isDone(books: Books, book: MonthBook, { mint, at }: MonthReplay, known: Person | null): boolean {
  if (mint.journal === null) return known !== null && known.lastSeen >= at;
  const key = [book.service, book.number, mint.journal.id];
  const [reached] = books.statements.get<[number]>('replayed-to', key) ?? [0];
  return mint.journal.number <= reached;
}

function noteDone({ statements }: Books, book: MonthBook, { mint: { journal } }: MonthReplay): void {
  if (journal === null) return;
  statements.run('set-replayed', [book.service, book.number, journal.id, journal.number]);
}

/** The call that failed may have reached the ledger all the same; its mint is the same but for the name of the token. */
function isCounted({ lastToken }: Person, { issuedAt, expiresAt }: ReplayedMint): boolean {
  return lastToken?.issuedAt === issuedAt && lastToken.lifeSeconds === expiresAt - issuedAt;
}

/** The last token stays what it was: that of a replayed mint cannot be rebuilt. */
function seeAgain(person: Person, { firstSeen, at }: MonthReplay): void {
  person.firstSeen = Math.min(person.firstSeen, firstSeen);
  person.lastSeen = Math.max(person.lastSeen, at);
  if (!isSameDay(person.firstSeen, person.lastSeen)) setMark(person, 'again');
}

function logMint(
  { statements, names }: Books,
  book: MonthBook,
  { mint }: MonthReplay,
  classNumber: number,
  isNew: boolean,
): void {
  statements.run('add-mint', [
    book.service,
    book.number,
    book.counts.countMint(mint.issuedAt),
    mint.issuedAt,
    mint.expiresAt - mint.issuedAt,
    mint.identity,
    mint.own === mint.identity ? null : mint.own,
    classNumber,
    names.numberOf(mint.intent),
    names.numberOf(mint.rule),
    isNew ? 1 : 0,
  ]);
}
