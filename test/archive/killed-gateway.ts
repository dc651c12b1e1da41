import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createArchiveBook, type MonthRecord } from '../../src/archive/archive-book.ts';
import { openArchiveFolder } from '../../src/archive/archive-folder.ts';
import { parseMintLine, parsePersonLine } from '../../src/archive/archive-lines.ts';
import { standingEntries, verifyParts } from '../../src/archive/verify-archive.ts';
import { verifyKnownArchive } from '../../src/archive/verify-known.ts';
import type { Month } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { configuredEnv, OPS_KEY, SHARED, sharedIssuerFile } from '../e2e/configured.ts';
import { type GatewayProcess, startGateway } from '../support/gateway-process.ts';

/** A moment in the life of a month that leaves the ledger, as it is seen from outside. */
export type Stage = 'writing' | 'written' | 'stopped' | 'mints leaving' | 'people leaving' | 'coming back';

export interface ArchivedLedger {
  ledger: Ledger;
  redisUrl: string;
  /** Root folder of the archive. */
  root: string;
}

const PATIENCE_MS = 30_000;
const MONTH_CONFIG = (root: string) =>
  `${sharedIssuerFile(500)}
retention:
  archive: ${root}
`;

/** A gateway that works on the archive, and is ended at once in the middle of it. */
export class KilledGateway {
  readonly #parts: ArchivedLedger;
  #gateway: GatewayProcess | null = null;

  constructor(parts: ArchivedLedger) {
    this.#parts = parts;
  }

  /** Starts it, unless it runs. */
  async start(): Promise<void> {
    const { redisUrl, root } = this.#parts;
    this.#gateway ??= await startGateway({
      env: configuredEnv({ [SHARED.variable]: SHARED.secret, REDIS_URL: redisUrl }),
      configFile: MONTH_CONFIG(root),
    });
  }

  /** Orders a piece of work on a month; resolves when it has begun. */
  async order(month: Month, what: 'close' | 'archive' | 'restore'): Promise<void> {
    const response = await fetch(`${this.#gateway?.url}/v1/months/${month}/${what}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${OPS_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ reason: 'books', ...(what === 'archive' ? { trim: true } : {}) }),
    });
    if (!response.ok) throw new Error(`${what}: ${response.status} ${await response.text()}`);
    await response.arrayBuffer();
  }

  /** Orders it, and ends the process when this has resolved; work may be over before the order is answered. */
  async orderAndKill(month: Month, what: 'archive' | 'restore', until: () => Promise<void>): Promise<void> {
    const ordered = this.order(month, what).catch((error: unknown) => error);
    try {
      await until();
    } catch (error) {
      throw new Error(`${String(error)}; the order was answered ${String(await ordered)}`);
    }
    await this.#gateway?.kill();
    this.#gateway = null;
    await ordered;
  }

  async stop(): Promise<void> {
    await this.#gateway?.stop();
  }
}

/** What is known of the archive from ledger and disk, past any gateway. */
export function lookAtArchive({ ledger, root }: ArchivedLedger) {
  const folder = openArchiveFolder(root, DEFAULT_SERVICE);
  const book = createArchiveBook(ledger, randomUUID(), Date.now);

  async function recordOf(month: Month): Promise<MonthRecord | null> {
    return book.read(DEFAULT_SERVICE, month);
  }

  async function hasCome(month: Month, stage: Stage): Promise<boolean> {
    if (stage === 'writing') return namesOf(folder.path).some((name) => name.includes(`${month}.`));
    if (stage === 'written') return namesOf(folder.path).some((name) => name.endsWith(`${month}.json`));
    const record = await recordOf(month);
    if (record === null) return false;
    if (stage === 'coming back') {
      return record.mints === 'kept' || (await book.readWork(DEFAULT_SERVICE))?.kind === 'restore';
    }
    if (stage === 'stopped') return record.mints !== 'kept';
    const gone = ['trimming', 'trimmed'];
    return gone.includes(stage === 'mints leaving' ? record.mints : record.people);
  }

  return {
    recordOf,
    verify: () =>
      verifyKnownArchive(folder, { ledger, book, service: DEFAULT_SERVICE, key: null, publicKeys: [] }),
    /** Resolves at this stage, or at a later one. */
    async until(month: Month, stage: Stage): Promise<void> {
      const giveUpAt = performance.now() + PATIENCE_MS;
      while (!(await hasCome(month, stage))) {
        if (performance.now() > giveUpAt) throw new Error(`${month} was never ${stage}`);
        await sleep(0);
      }
    },
    /** Until nobody works on the archive; how the work ended is in the month's record. */
    async untilIdle(): Promise<void> {
      const giveUpAt = performance.now() + PATIENCE_MS;
      while ((await book.readWork(DEFAULT_SERVICE)) !== null) {
        if (performance.now() > giveUpAt) throw new Error('the archive is at work without end');
        await sleep(10);
      }
    },
    /** The two minutes after which another gateway may go on with what a dead one had begun. */
    async passLease(): Promise<void> {
      const month = '1970-01' as Month;
      const [found] = await ledger.documents(DEFAULT_SERVICE, month, 'archive');
      if (found?.name !== 'archive') return;
      const text = JSON.stringify({ ...JSON.parse(found.text), leasedUntil: 0 });
      await ledger.keepDocument(DEFAULT_SERVICE, month, { name: 'archive', text });
    },
    /** Files in the folder that are none of the entries that hold now, by name. */
    async strayFiles(): Promise<string[]> {
      const stored = await folder.entries();
      const stems = standingEntries(stored).map(
        ({ number, month }) => `${String(number).padStart(4, '0')}-${month}`,
      );
      return namesOf(folder.path).filter(
        (name) => !name.endsWith('.json') && !stems.includes(name.slice(0, name.indexOf('.'))),
      );
    },
    /** Rows of a month that can be read back: files that are what their entry says, by identity and by ordinal. */
    async readBack(month: Month): Promise<{ people: Set<string>; mints: Set<number> }> {
      const entry = standingEntries(await folder.entries()).find((one) => one.month === month);
      const [people, mints] = [new Set<string>(), new Set<number>()];
      if (entry === undefined || (await verifyParts(folder, entry)).length > 0) return { people, mints };
      for await (const lines of folder.read(entry, 'identities')) {
        for (const line of lines) people.add(JSON.stringify(parsePersonLine(line)));
      }
      for await (const lines of folder.read(entry, 'mints')) {
        for (const line of lines) mints.add(parseMintLine(line).ordinal);
      }
      return { people, mints };
    },
  };
}

function namesOf(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
