import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { DEFAULT_SERVICE } from '../../../src/domain/service-name.ts';
import { createJournalKeeper } from '../../../src/ledger/journal/keep-journal.ts';
import { type Journals, openJournals } from '../../../src/ledger/journal/open-journals.ts';
import { openLedgerJournal } from '../../../src/ledger/journal/open-ledger-journal.ts';
import type { JournalEvent, JournalKeeper } from '../../../src/ledger/journal/ports.ts';
import { openSqliteLedger } from '../../../src/ledger/sqlite/open-sqlite-ledger.ts';
import { evidenceOf, monthNamed } from '../contract/builders.ts';

const AT = '2026-11-20T09:00:00Z';
const BYTES_MAX = 1024 * 1024;
const EMPTY_BYTES = 20;

let folder: string;
let closing: (() => Promise<void>)[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mau-guard-journals-'));
  closing = [];
});
afterEach(async () => {
  for (const close of closing) await close();
  rmSync(folder, { recursive: true, force: true });
});

const at = (name: string) => join(folder, name);
const bytesOf = (name: string) => statSync(at(name)).size;

/** A journal that a gateway left with one person in it. */
async function leave(name: string, person: string): Promise<void> {
  const journal = openLedgerJournal({ path: at(name), bytesMax: BYTES_MAX });
  await journal.appendEvidence(DEFAULT_SERVICE, [evidenceOf(person, 'connected', AT)], []);
  await journal.close();
}

/** As the process at a place of several opens them; place 0 is that of one process alone. */
function open(place: number, processes: number): Journals {
  const left = place > 1 ? null : { root: at('journal'), processes };
  const path = place === 0 ? at('journal') : at(`journal.${place}`);
  const journals = openJournals({ path, bytesMax: BYTES_MAX, left });
  closing.push(async () => {
    for (const journal of [journals.own, ...journals.left]) await journal.close();
  });
  return journals;
}

/** Who is in the month once everything was brought to it, and whether nothing was left to bring. */
async function bring({ own, left }: Journals): Promise<{ people: number; events: JournalEvent[] }> {
  const ledger = openSqliteLedger({ path: ':memory:' });
  const events: JournalEvent[] = [];
  const keeper: JournalKeeper = createJournalKeeper({
    ...{ ledger, journal: own, left },
    sleep: (ms, signal) => pause(ms, undefined, { signal }).catch(() => {}),
    onEvent: (event) => events.push(event),
  });
  keeper.start();
  while (keeper.bytes() > EMPTY_BYTES) await pause(10);
  await keeper.stop();
  const { all } = await ledger.totals(DEFAULT_SERVICE, monthNamed('2026-11'));
  await ledger.close();
  return { people: all, events };
}

test.each([
  ['one process after several', ['journal.1', 'journal.2'], 0, 1],
  ['several after one', ['journal'], 1, 2],
  ['fewer than before', ['journal.1', 'journal.3', 'journal.10', 'journal.128'], 1, 2],
])(
  '%s: what is left is brought to the ledger, and the journals are empty',
  async (_, names, place, processes) => {
    for (const [index, name] of names.entries()) await leave(name, `p${index}`);
    const { people, events } = await bring(open(place, processes));
    expect(people).toBe(names.length);
    expect(names.map(bytesOf)).toEqual(names.map(() => EMPTY_BYTES));
    expect(events.every(({ kind }) => kind === 'replayed')).toBe(true);
    expect(events.at(-1)).toMatchObject({ bytes: EMPTY_BYTES });
  },
);

test('those of the other processes of the same gateway are theirs, and no other process looks', async () => {
  await leave('journal', 'p0');
  await leave('journal.2', 'p1');
  expect(open(2, 2).left).toEqual([]);
  expect(open(1, 2).left).toHaveLength(1);
});

test('one that somebody holds, one that is empty, and what is no journal are left alone', async () => {
  await leave('journal.4', 'p0');
  const held = openLedgerJournal({ path: at('journal.4'), bytesMax: BYTES_MAX });
  closing.push(() => held.close());
  await openLedgerJournal({ path: at('journal.5'), bytesMax: BYTES_MAX }).close();
  for (const name of ['journal.6', 'journal.old', 'journal.7.gz', 'journals.8']) {
    writeFileSync(at(name), 'somebody else’s text');
  }
  expect(open(0, 1).left).toEqual([]);
  expect(readFileSync(at('journal.6'), 'utf8')).toBe('somebody else’s text');
});
