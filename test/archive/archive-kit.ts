import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { createArchiveBook } from '../../src/archive/archive-book.ts';
import { openArchiveFolder } from '../../src/archive/archive-folder.ts';
import { dropLate } from '../../src/archive/drop-late.ts';
import { type ArchiveKeeper, createArchiveKeeper } from '../../src/archive/keeper.ts';
import { noteErasures } from '../../src/archive/note-erasures.ts';
import type { ArchiveEvent } from '../../src/archive/ports.ts';
import { createRetentionSchedule } from '../../src/archive/schedule.ts';
import { verifyKnownArchive } from '../../src/archive/verify-known.ts';
import { type Month, parseMonth } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE, type ServiceName } from '../../src/domain/service-name.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { openSqliteLedger } from '../../src/ledger/sqlite/open-sqlite-ledger.ts';
import { timeLedger } from '../../src/ledger/timed-ledger.ts';
import { type ClosingDesk, createClosingDesk } from '../../src/reconcile/closing-desk.ts';
import { createManifestKey, type ManifestKey } from '../../src/reports/manifest-key.ts';
import { createMonthReports } from '../../src/reports/month-reports.ts';
import { mintTokens, recordActs } from '../reports/fill-month.ts';
import { RECKONING } from '../reports/shipped.ts';
import { settableClock } from '../support/clock.ts';

/** Far enough behind for everything of the months below to be old. */
export const NOW = '2028-06-15T12:00:00.000Z';
export const AUGUST = monthNamed('2026-08');
export const SEPTEMBER = monthNamed('2026-09');
export const OCTOBER = monthNamed('2026-10');

export function monthNamed(text: string): Month {
  const month = parseMonth(text);
  if (month === null) throw new Error(`not a month: ${text}`);
  return month;
}

export function makeKey(): ManifestKey {
  const { privateKey } = generateKeyPairSync('ed25519');
  return createManifestKey(privateKey.export({ format: 'pem', type: 'pkcs8' }).toString());
}

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mau-archive-'));
  folders.push(folder);
  return folder;
}

/** Seven mints of five people, one of them known by evidence only, in each of these months. */
export async function fillMonths(ledger: Ledger, months: readonly Month[] = [AUGUST, SEPTEMBER, OCTOBER]) {
  for (const month of months) {
    const at = (day: number, time = '09:00:00') => `${month}-${String(day).padStart(2, '0')}T${time}Z`;
    await mintTokens(ledger, [
      { identity: 'm_ada', at: at(1) },
      { identity: 'm_bob', at: at(2), tenant: 'acme' },
      { identity: 'g_cat', at: at(2), className: 'guest', intent: 'notification' },
      { identity: 'm_ada', at: at(9, '17:30:00') },
      { identity: 'm_ada', at: at(9, '17:30:05') },
      { identity: 'm_dan', at: at(20), tenant: 'a "quoted", \n tenant' },
    ]);
    await recordActs(ledger, [
      { identity: 'm_ada', signal: 'messaged', at: at(3) },
      { identity: 'm_eve', signal: 'joined', at: at(4) },
    ]);
    await ledger.countRefusal(DEFAULT_SERVICE, 'no-reason-to-connect', Date.parse(at(5)));
    await ledger.countShadow(DEFAULT_SERVICE, 'hidden-tab', Date.parse(at(6)));
  }
}

export interface ArchiveKitOptions {
  store?: Ledger;
  root?: string;
  key?: ManifestKey | null;
  clock?: ReturnType<typeof settableClock>;
  /** Wraps what the keeper works with, such as to break it. */
  through?: (ledger: Ledger) => Ledger;
  onSettle?: () => Promise<void>;
  /** Default: 15. */
  identityMonths?: number;
  services?: readonly ServiceName[];
  /** In the place of the closing of months. */
  close?: ClosingDesk['close'];
}

/** An archive of a gateway whose three months are filled; those named are closed and then archived, in this order. */
export async function createFilledKit({
  closed = [],
  archived = [],
}: Partial<Record<'closed' | 'archived', Month[]>> = {}) {
  const kit = createArchiveKit();
  await fillMonths(kit.ledger);
  await kit.close(...closed);
  for (const month of archived) await kit.archive(month);
  return kit;
}

/** The archive of a gateway: its ledger in memory, a folder, and everything between the two. */
export function createArchiveKit(options: ArchiveKitOptions = {}) {
  const clock = options.clock ?? settableClock(Date.parse(NOW));
  const store = options.store ?? openSqliteLedger({ path: ':memory:' });
  const root = options.root ?? makeFolder();
  const key = options.key === undefined ? makeKey() : options.key;
  const timed = (options.through ?? ((ledger) => ledger))(timeLedger(store, () => {}));
  const events: ArchiveEvent[] = [];
  const failures: [part: string, failure: unknown][] = [];
  const onEvent = (event: ArchiveEvent) => void events.push(event);
  const book = createArchiveBook(timed, `gateway-${Math.random()}`, clock.now);
  const timely = dropLate(timed, book, clock, (service, month, pieces) =>
    onEvent({ event: 'archive.late', service, month, pieces }),
  );
  const ledger = noteErasures(timely, book, async () => true);
  const reports = createMonthReports({ ledger, clock, classes: ['member', 'guest'], reckoning: RECKONING });
  const closings = createClosingDesk({
    ...{ ledger, reports, key },
    basis: { rules: RECKONING.rules, prices: RECKONING.prices },
  });
  const publicKeys = key === null ? [] : [key.publicJwk];
  const settle = options.onSettle ?? (async () => {});
  const keeper: ArchiveKeeper = createArchiveKeeper({
    ...{ ledger, book, root, clock, key, publicKeys, settle, onEvent },
  });
  const schedule = createRetentionSchedule({
    ...{ ledger, book, keeper, clock, onEvent, services: options.services ?? [DEFAULT_SERVICE] },
    closings: { close: options.close ?? closings.close },
    onFailure: (part, failure) => void failures.push([part, failure]),
    kept: { mintMonths: 13, identityMonths: options.identityMonths ?? 15, conversationMonths: 13 },
    sleep: async () => {},
  });
  const folder = openArchiveFolder(root, DEFAULT_SERVICE);

  return {
    ...{ clock, store, ledger, root, key, book, closings, keeper, schedule, folder, events, failures },
    async close(...months: Month[]) {
      for (const month of months) {
        await closings.close(DEFAULT_SERVICE, month, {
          ...{ operator: { name: 'anna', role: 'admin' }, nowMs: clock.now(), reason: 'books' },
          ...{ requestId: 'r', ifMatch: null, repeatable: null },
        });
      }
    },
    archive: (month: Month) => keeper.work(DEFAULT_SERVICE, { kind: 'archive', month }),
    trim: (month: Month) =>
      keeper.work(DEFAULT_SERVICE, { kind: 'trim', month, rows: { mints: true, people: true } }),
    restore: (month: Month) => keeper.work(DEFAULT_SERVICE, { kind: 'restore', month }),
    verify: () => verifyKnownArchive(folder, { ledger, book, service: DEFAULT_SERVICE, key, publicKeys }),
  };
}

export type ArchiveKit = ReturnType<typeof createArchiveKit>;

/** Everything that is told of a month, rows and figures apart. */
export async function readMonth(ledger: Ledger, month: Month) {
  const page = { after: null, limit: 1_000 };
  const [totals, days, people, mints] = await Promise.all([
    ledger.totals(DEFAULT_SERVICE, month),
    ledger.days(DEFAULT_SERVICE, month),
    ledger.identities(DEFAULT_SERVICE, month, page),
    ledger.mints(DEFAULT_SERVICE, month, page),
  ]);
  return { figures: { totals, days }, rows: { people: people.items, mints: mints.items } };
}
