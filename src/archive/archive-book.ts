import type { Identity } from '../domain/identity.ts';
import type { Month } from '../domain/month.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { ArchiveEntry } from './archive-entry.ts';
import type { ArchivePlace } from './archive-folder.ts';
import type { ChainHead } from './verify-chain.ts';

/**
 * Where rows of an archived month are. `stopped`: still in the ledger, which takes nothing late for them any more, so that
 * what is compared stays what it is. `trimming`: some may be gone.
 */
export type RowState = 'kept' | 'stopped' | 'trimming' | 'trimmed';

/** What the ledger knows of a month in the archive. */
export interface MonthRecord {
  entry: ArchiveEntry;
  mints: RowState;
  people: RowState;
  /** The entry was found in the folder by a ledger that did not know it: whether that has the rows is not known. */
  takenUp?: true;
  /** Until when the schedule leaves the month alone, since it was put back, ISO-8601; else null. */
  heldUntil: string | null;
}

/** What is being done with a month. */
export interface ArchiveWork {
  kind: 'archive' | 'trim' | 'restore';
  month: Month;
}

/** How the latest work on a month failed. */
export interface ArchiveTrouble {
  /** ISO-8601. */
  at: string;
  kind: ArchiveWork['kind'];
  says: string;
}

/** An entry that is being written: what a crash leaves of it is told by this. */
export interface BegunEntry extends ArchivePlace {
  /** Of the entry, from just before it is written; null while its parts are. */
  hash: string | null;
  /** Number of the entry whose parts go when this one stands; null: none does. */
  replaces: number | null;
}

export interface ErasedPerson {
  identity: Identity;
  pseudonym: Identity;
}

/** Another process goes on with it. */
export class TakenOver extends Error {
  override readonly name = 'TakenOver';
}

export interface LeaseChange {
  head?: ChainHead;
  begun?: BegunEntry | null;
  sweptBefore?: Month;
  work?: ArchiveWork;
}

/** The archive of a service, held by one process at a time. */
export interface ArchiveLease {
  /** End of the chain as the ledger knows it. */
  readonly head: ChainHead | null;
  /** Null: none was left unfinished. */
  readonly begun: BegunEntry | null;
  /** Conversations whose last message was before this month are forgotten; null: none was yet. */
  readonly sweptBefore: Month | null;
  /** Keeps these, and the lease. @throws TakenOver */
  save(change: LeaseChange): Promise<void>;
  /** Keeps the lease when it is half over. @throws TakenOver */
  renew(): Promise<void>;
  release(): Promise<void>;
}

export interface ArchiveBook {
  read(service: ServiceName, month: Month): Promise<MonthRecord | null>;
  keep(service: ServiceName, record: MonthRecord): Promise<void>;
  /** Null: the latest work went well. */
  readTrouble(service: ServiceName, month: Month): Promise<ArchiveTrouble | null>;
  keepTrouble(service: ServiceName, month: Month, trouble: ArchiveTrouble | null): Promise<void>;
  /** What is under way, on any gateway. */
  readWork(service: ServiceName): Promise<ArchiveWork | null>;
  readHead(service: ServiceName): Promise<ChainHead | null>;
  readSwept(service: ServiceName): Promise<Month | null>;
  /** People who were erased, and whom the archive still knows, with their pseudonyms. */
  readErasures(service: ServiceName): Promise<ErasedPerson[]>;
  /** Changes that list, whoever else does so at the same time. */
  changeErasures(service: ServiceName, change: (erased: ErasedPerson[]) => ErasedPerson[]): Promise<void>;
  /** Null while another process has it. */
  take(service: ServiceName, work: ArchiveWork | null): Promise<ArchiveLease | null>;
}

interface Chain {
  head: ChainHead | null;
  begun: BegunEntry | null;
  sweptBefore: Month | null;
  owner: string;
  /** ms since the epoch. */
  leasedUntil: number;
  work: ArchiveWork | null;
}

const NO_CHAIN: Chain = {
  ...{ head: null, begun: null, sweptBefore: null },
  ...{ owner: '', leasedUntil: 0, work: null },
};
const NAME = 'archive';
const TROUBLE = 'archive-trouble';
const ERASURES = 'archive-erasures';
/** What is about no month is kept beside one in which nobody was. */
const NO_MONTH = '1970-01' as Month;
/** Far above the longest time between two calls of the ledger. */
const LEASE_MS = 120_000;

export function createArchiveBook(
  ledger: Pick<Ledger, 'documents' | 'keepDocument'>,
  owner: string,
  now: () => number,
): ArchiveBook {
  async function readText(service: ServiceName, month: Month, name: string): Promise<string | null> {
    const documents = await ledger.documents(service, month, name);
    return documents.find((document) => document.name === name)?.text ?? null;
  }

  async function readChain(service: ServiceName): Promise<{ chain: Chain; text: string | null }> {
    const text = await readText(service, NO_MONTH, NAME);
    const kept = text === null ? {} : (JSON.parse(text) as Partial<Chain>);
    return { chain: { ...NO_CHAIN, ...kept }, text };
  }

  return {
    async read(service, month) {
      const text = await readText(service, month, NAME);
      return text === null ? null : (JSON.parse(text) as MonthRecord);
    },
    async keep(service, record) {
      await ledger.keepDocument(service, record.entry.month, { name: NAME, text: JSON.stringify(record) });
    },
    async readTrouble(service, month) {
      const text = await readText(service, month, TROUBLE);
      return text === null ? null : (JSON.parse(text) as ArchiveTrouble | null);
    },
    async keepTrouble(service, month, trouble) {
      await ledger.keepDocument(service, month, { name: TROUBLE, text: JSON.stringify(trouble) });
    },
    async readWork(service) {
      const { chain } = await readChain(service);
      return chain.leasedUntil > now() ? chain.work : null;
    },
    readHead: async (service) => (await readChain(service)).chain.head,
    readSwept: async (service) => (await readChain(service)).chain.sweptBefore,

    async readErasures(service) {
      const text = await readText(service, NO_MONTH, ERASURES);
      return text === null ? [] : (JSON.parse(text) as ErasedPerson[]);
    },
    async changeErasures(service, change) {
      let isKept = false;
      while (!isKept) {
        const standing = await readText(service, NO_MONTH, ERASURES);
        const changed = change(standing === null ? [] : (JSON.parse(standing) as ErasedPerson[]));
        const document = { name: ERASURES, text: JSON.stringify(changed) };
        isKept = await ledger.keepDocument(service, NO_MONTH, document, standing);
      }
    },

    async take(service, work) {
      const read = await readChain(service);
      // Held against what was read: whoever is faster has it.
      let standing = read.text;
      let chain: Chain = { ...read.chain, owner, work };
      if (read.chain.leasedUntil > now()) return null;

      async function write(leasedUntil: number): Promise<boolean> {
        const text = JSON.stringify({ ...chain, leasedUntil });
        if (!(await ledger.keepDocument(service, NO_MONTH, { name: NAME, text }, standing))) return false;
        standing = text;
        chain = { ...chain, leasedUntil };
        return true;
      }

      async function extend(): Promise<void> {
        if (!(await write(now() + LEASE_MS))) throw new TakenOver('another gateway has the archive now');
      }

      if (!(await write(now() + LEASE_MS))) return null;
      return {
        get head() {
          return chain.head;
        },
        get begun() {
          return chain.begun;
        },
        get sweptBefore() {
          return chain.sweptBefore;
        },
        async save(change) {
          chain = { ...chain, ...change };
          await extend();
        },
        async renew() {
          if (chain.leasedUntil - now() < LEASE_MS / 2) await extend();
        },
        async release() {
          chain = { ...chain, work: null };
          await write(0);
        },
      };
    },
  };
}
