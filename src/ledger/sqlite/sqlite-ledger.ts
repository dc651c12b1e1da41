import type Database from 'libsql';
import { GatewayError } from '../../domain/gateway-error.ts';
import type { Identity } from '../../domain/identity.ts';
import { type Month, monthOf } from '../../domain/month.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import type { AdmitRequest, Budget, Evidence, Ledger, PageRequest } from '../ledger.ts';
import { admit } from './admit.ts';
import { Books } from './books.ts';
import { GroupCommit } from './group-commit.ts';
import { monthOfNumber } from './month-number.ts';
import { Names } from './names.ts';
import { closeDatabase } from './open-database.ts';
import { readDays } from './read-days.ts';
import { readIdentities } from './read-identities.ts';
import { readMints } from './read-mints.ts';
import { readTotals } from './read-totals.ts';
import { recordEvidence } from './record-evidence.ts';
import { Statements } from './statements.ts';
import { steer } from './steer.ts';
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

  countRefusal(service: ServiceName, code: string, at: number) {
    return this.#write((books) => {
      const codeNumber = books.names.numberOf(code);
      books.month(service, monthOf(at)).counts.countRefusal(codeNumber, Math.floor(at / 1000));
    });
  }

  record(service: ServiceName, evidence: readonly Evidence[]) {
    return this.#write((books) => recordEvidence(books, service, evidence));
  }

  months(service: ServiceName) {
    return this.#read(({ names, statements }) => {
      const serviceNumber = names.find(service);
      if (serviceNumber === null) return [];
      return statements
        .all<[number]>('read-months', [serviceNumber])
        .map(([number]) => monthOfNumber(number));
    });
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
    return this.#write((books) => steer.budget(books, service, month, budget));
  }

  freeze(service: ServiceName, month: Month, since: string | null) {
    return this.#write((books) => steer.freeze(books, service, month, since));
  }

  setBlocked(service: ServiceName, identity: Identity, blocked: boolean) {
    return this.#write((books) => steer.block(books, service, identity, blocked));
  }

  link(service: ServiceName, own: Identity, effective: Identity) {
    return this.#write((books) => steer.link(books, service, own, effective));
  }

  checkFingerprint(fingerprint: string, replace: boolean) {
    return this.#write((books) => steer.fingerprint(books, fingerprint, replace));
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
