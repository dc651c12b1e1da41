import type Database from 'libsql';
import { GatewayError } from '../../domain/gateway-error.ts';
import type { Identity } from '../../domain/identity.ts';
import { type Month, monthOf } from '../../domain/month.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import type { AlertBook, DeliveryResult, ForecastCrossing } from '../alert-book.ts';
import type { Adoption } from '../bonds.ts';
import type { Budget } from '../budget.ts';
import type { ConversationMark } from '../conversations.ts';
import type { AdmitRequest, Evidence, JoinRequest, Ledger } from '../ledger.ts';
import type { MonthDocument } from '../month-documents.ts';
import type { PageRequest } from '../page.ts';
import type { ReplayedMint } from '../replay.ts';
import type { Change, ChangeTerms } from '../steering.ts';
import { admit } from './admit.ts';
import { readAlerts, settleDelivery, takeDeliveries } from './alert-book.ts';
import { adoptGuest } from './bonds.ts';
import { Books } from './books.ts';
import { readUnread } from './conversations.ts';
import { findPeople } from './find-people.ts';
import { writeForecastAlert } from './forecast-alert.ts';
import { GroupCommit } from './group-commit.ts';
import { joinMonth } from './join.ts';
import { readLimits } from './limits.ts';
import { monthNumber } from './month-number.ts';
import { findDocument, keepDocument, readDocuments } from './month-papers.ts';
import { Names } from './names.ts';
import { closeDatabase } from './open-database.ts';
import { parseMintCursor } from './page-cursor.ts';
import { previewAdmission, readStanding } from './preview.ts';
import { readAudit } from './read-audit.ts';
import { readIdentityFile, readLinks, readMerges } from './read-bonds.ts';
import { readDays } from './read-days.ts';
import { readIdentities } from './read-identities.ts';
import { readMints } from './read-mints.ts';
import { readMonths } from './read-months.ts';
import { readTotals } from './read-totals.ts';
import { replayMints } from './replay.ts';
import { createSqliteRetention } from './retention.ts';
import { Statements } from './statements.ts';
import { checkFingerprint, configureBudget, findAnswer, makeChange } from './steer.ts';
import { takeEvidence } from './take-evidence.ts';
import { toLedgerError } from './to-ledger-error.ts';

/**
 * The ledger in one SQLite file, for one process. Every write goes through the group commit, so that calls take
 * effect in the order in which they were made; reads see what is committed.
 */
export class SqliteLedger implements Ledger {
  readonly #database: Database.Database;
  readonly #books: Books;
  readonly #commits: GroupCommit;
  #closed = false;
  readonly retention = createSqliteRetention((step) => this.#write(step));

  constructor(database: Database.Database) {
    const statements = new Statements(database);
    const books = new Books(statements, new Names(statements));
    this.#database = database;
    this.#books = books;
    this.#commits = new GroupCommit({
      begin: () => database.exec('BEGIN IMMEDIATE'),
      commit() {
        books.write();
        database.exec('COMMIT');
      },
      rollback() {
        books.forget();
        // A full disk ends the transaction by itself.
        if (database.inTransaction) database.exec('ROLLBACK');
      },
    });
  }

  admit(request: AdmitRequest) {
    return this.#write((books) => admit(books, request));
  }

  join(service: ServiceName, request: JoinRequest) {
    return this.#write((books) => joinMonth(books, service, request));
  }

  standing(request: AdmitRequest) {
    return this.#read((books) => readStanding(books, request));
  }

  preview(request: AdmitRequest) {
    return this.#read((books) => previewAdmission(books, request));
  }

  countRefusal(service: ServiceName, code: string, at: number, amount = 1) {
    return this.#write((books) =>
      books.month(service, monthOf(at)).counts.countRefusal(books.names.numberOf(code), at / 1000, amount),
    );
  }

  withdrawRefusal = (...one: [ServiceName, code: string, at: number]) => this.countRefusal(...one, -1);

  countShadow(service: ServiceName, rule: string, at: number) {
    return this.#write((books) =>
      books.month(service, monthOf(at)).counts.countShadow(books.names.numberOf(rule), Math.floor(at / 1000)),
    );
  }

  countBeacons(service: ServiceName, beacons: number, at: number) {
    return this.#write((books) =>
      books.month(service, monthOf(at)).counts.countBeacons(beacons, Math.floor(at / 1000)),
    );
  }

  record(service: ServiceName, evidence: readonly Evidence[], marks: readonly ConversationMark[] = []) {
    return this.#write((books) => takeEvidence(books, service, evidence, marks));
  }

  replay(service: ServiceName, mints: readonly ReplayedMint[]) {
    return this.#write((books) => replayMints(books, service, mints));
  }

  unread(service: ServiceName, identity: Identity) {
    return this.#read((books) => readUnread(books, service, identity));
  }

  months(service: ServiceName) {
    return this.#read((books) => readMonths(books, service));
  }

  totals(service: ServiceName, month: Month) {
    return this.#read((books) => readTotals(books, service, month));
  }

  days(service: ServiceName, month: Month) {
    return this.#read((books) => readDays(books, service, month));
  }

  identities(service: ServiceName, month: Month, page: PageRequest) {
    return this.#read((books) => readIdentities(books, service, month, page));
  }

  mints(service: ServiceName, month: Month, page: PageRequest) {
    return this.#read((books) => readMints(books, service, month, page));
  }

  configureBudget(service: ServiceName, month: Month, budget: Budget | null) {
    return this.#write((books) => configureBudget(books, service, month, budget));
  }

  limits(service: ServiceName, month: Month) {
    return this.#read(({ names, statements }) =>
      readLimits(statements, names.findService(service), monthNumber(month)),
    );
  }

  change(service: ServiceName, change: Change, terms: ChangeTerms) {
    return this.#write((books) => makeChange(books, service, change, terms));
  }

  recall(service: ServiceName, key: string, now: number) {
    return this.#read((books) => findAnswer(books, books.names.findService(service), key, now));
  }

  audit(service: ServiceName, page: PageRequest) {
    return this.#read((books) => readAudit(books, service, page));
  }

  adopt(service: ServiceName, adoption: Adoption) {
    return this.#write((books) => adoptGuest(books, service, adoption));
  }

  merges(service: ServiceName) {
    return this.#read((books) => readMerges(books, service));
  }

  identityFile(service: ServiceName, identity: Identity) {
    return this.#read((books) => readIdentityFile(books, service, identity));
  }

  linksOf(service: ServiceName, own: readonly Identity[]) {
    return this.#read((books) => readLinks(books, service, own));
  }

  findPeople(service: ServiceName, own: readonly Identity[], month: Month | null) {
    return this.#read((books) => findPeople(books, service, own, month));
  }

  alerts(service: ServiceName, page: PageRequest) {
    return this.#read((books) => readAlerts(books, service, page));
  }

  foretell(service: ServiceName, crossing: ForecastCrossing) {
    return this.#write((books) => writeForecastAlert(books, service, crossing));
  }

  takeDeliveries(service: ServiceName, take: Parameters<AlertBook['takeDeliveries']>[1]) {
    return this.#write((books) => takeDeliveries(books, service, take));
  }

  async settleDelivery(service: ServiceName, alertId: string, target: string, result: DeliveryResult) {
    const alert = parseMintCursor(alertId);
    await this.#write(({ names, statements }) =>
      settleDelivery(statements, names.findService(service), alert, target, result),
    );
  }

  documents(service: ServiceName, month: Month, beginning: string) {
    return this.#read((books) => readDocuments(books, service, month, beginning));
  }

  lastingDocument(service: ServiceName, month: Month, name: string) {
    return this.#read((books) => findDocument(books, service, month, name));
  }

  keepDocument(service: ServiceName, month: Month, document: MonthDocument, expected?: string | null) {
    return this.#write((books) => keepDocument(books, service, month, document, expected));
  }

  checkFingerprint(fingerprint: string, replace: boolean) {
    return this.#write((books) => checkFingerprint(books, fingerprint, replace));
  }

  ping() {
    return this.#read(({ statements }) => statements.get<[number, number]>('clock', [])?.[0] ?? Number.NaN);
  }

  /** Commits what waits, then lets go of the file. */
  async close() {
    if (this.#closed) return;
    this.#commits.drain();
    this.#closed = true;
    closeDatabase(this.#database);
  }

  async #write<Answer>(step: (books: Books) => Answer): Promise<Answer> {
    this.#assertOpen();
    return this.#commits.submit(() => step(this.#books));
  }

  async #read<Answer>(read: (books: Books) => Answer): Promise<Answer> {
    this.#assertOpen();
    try {
      return read(this.#books);
    } catch (error) {
      throw toLedgerError(error);
    }
  }

  #assertOpen(): void {
    if (this.#closed) throw new GatewayError('ledger-unavailable', 'the embedded ledger is closed');
  }
}
