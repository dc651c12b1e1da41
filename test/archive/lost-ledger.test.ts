import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { listArchive } from '../../src/archive/archive-view.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { mintTokens, recordActs } from '../reports/fill-month.ts';
import { LEDGER_KINDS, ledgersOfBothKinds } from '../support/ledgers-of-both-kinds.ts';
import { type ArchiveKit, AUGUST, createArchiveKit, monthNamed, OCTOBER, readMonth } from './archive-kit.ts';

const LATER = monthNamed('2027-01');

const openLedger = ledgersOfBothKinds();

/** Every file with what is in it. */
function filesOf({ folder }: ArchiveKit): Record<string, string> {
  const names = readdirSync(folder.path).sort();
  const digest = (name: string) =>
    createHash('sha256')
      .update(readFileSync(join(folder.path, name)))
      .digest('hex');
  return Object.fromEntries(names.map((name) => [name, digest(name)]));
}

const namesIn = async (kit: ArchiveKit, month = AUGUST) =>
  (await readMonth(kit.ledger, month)).rows.people.map(({ identity }) => identity as string).sort();

async function archivedNames(kit: ArchiveKit, month = AUGUST): Promise<string[]> {
  const record = await kit.book.read(DEFAULT_SERVICE, month);
  const names: string[] = [];
  for await (const lines of kit.folder.read(record!.entry, 'identities')) {
    names.push(...lines.map((line) => JSON.parse(line).identity));
  }
  return names.sort();
}

const act = (identity: string, at = '2026-08-20T09:00:00Z') => ({
  identity,
  signal: 'messaged' as const,
  at,
});

describe.each(LEDGER_KINDS)('a ledger (%s)', (kind) => {
  /** Another ledger with the same folder. */
  const another = async (kit: ArchiveKit) =>
    createArchiveKit({ store: await openLedger(kind), root: kit.root, key: kit.key, clock: kit.clock });

  let kit: ArchiveKit;
  beforeEach(async () => {
    kit = createArchiveKit({ store: await openLedger(kind) });
    await mintTokens(kit.ledger, [{ identity: 'm_ada', at: '2026-08-01T09:00:00Z' }]);
    await recordActs(kit.ledger, [act('m_ada'), act('m_bob')]);
    await kit.close(AUGUST);
  });

  describe('that was lost after a month had left it', () => {
    let blank: ArchiveKit;
    let files: Record<string, string>;
    beforeEach(async () => {
      await kit.trim(AUGUST);
      files = filesOf(kit);
      blank = await another(kit);
      await recordActs(blank.ledger, [act('m_cat'), act('m_dan'), act('m_eve')]);
      await blank.close(AUGUST);
    });

    test('neither archives nor trims over the people whom only the archive has', async () => {
      await expect(blank.archive(AUGUST)).rejects.toThrow(/does not know.*mau-guard restore/);
      await expect(blank.trim(AUGUST)).rejects.toThrow(/does not know.*mau-guard restore/);
      expect(filesOf(kit)).toEqual(files);
      expect(await namesIn(blank)).toEqual(['m_cat', 'm_dan', 'm_eve']);
      expect(await blank.book.readTrouble(DEFAULT_SERVICE, AUGUST)).toMatchObject({ kind: 'trim' });
    });

    test('is told so by the schedule, which closes nothing and takes nothing out', async () => {
      await recordActs(blank.ledger, [act('m_new', '2026-10-02T09:00:00Z')]);
      await blank.schedule.look();
      const failed = blank.events.flatMap((event) => (event.event === 'archive.failed' ? [event.month] : []));
      expect(failed).toEqual([AUGUST, OCTOBER]);
      expect(await blank.ledger.documents(DEFAULT_SERVICE, OCTOBER, 'closed')).toEqual([]);
      expect(await blank.book.readTrouble(DEFAULT_SERVICE, AUGUST)).toMatchObject({
        ...{ kind: 'trim', says: expect.stringMatching(/put a month back first/) },
      });
      expect(filesOf(kit)).toEqual(files);
    });

    test('refuses the month also when another one was put back', async () => {
      await recordActs(kit.ledger, [act('m_fay', '2026-10-02T09:00:00Z')]);
      await kit.close(OCTOBER);
      await kit.trim(OCTOBER);
      await blank.restore(OCTOBER);
      files = filesOf(kit);
      const message =
        '2026-08: the archive holds 2 identities and 1 mint that the ledger does not have, and the ledger 3 ' +
        'identities that the archive does not. Put the month back first (mau-guard restore --month 2026-08), ' +
        'then order it again.';
      await expect(blank.archive(AUGUST)).rejects.toThrow(message);
      await expect(blank.trim(AUGUST)).rejects.toThrow(message);
      expect(filesOf(kit)).toEqual(files);
      expect(await namesIn(blank)).toEqual(['m_cat', 'm_dan', 'm_eve']);

      // The schedule says so, and goes on with the other months.
      await recordActs(blank.ledger, [act('m_gus', '2027-01-02T09:00:00Z')]);
      await blank.schedule.look();
      expect(blank.events).toContainEqual(
        expect.objectContaining({ event: 'archive.failed', kind: 'trim', month: AUGUST }),
      );
      expect(await namesIn(blank, LATER)).toEqual([]);
      expect(await archivedNames(blank, LATER)).toEqual(['m_gus']);
      expect(await archivedNames(kit)).toEqual(['m_ada', 'm_bob']);
    });

    test('has everybody once the month was put back, in the ledger, the archive, and the next ledger', async () => {
      await blank.restore(AUGUST);
      const everybody = ['m_ada', 'm_bob', 'm_cat', 'm_dan', 'm_eve'];
      expect(await namesIn(blank)).toEqual(everybody);
      expect(await blank.archive(AUGUST)).toMatchObject({
        entry: { number: 2, identityRows: 5, mintRows: 1 },
      });
      expect(await archivedNames(blank)).toEqual(everybody);
      expect(await blank.trim(AUGUST)).toMatchObject({ entry: { number: 2 }, people: 'trimmed' });
      expect(await blank.verify()).toMatchObject({ ok: true, entries: 2, unknown: [] });

      const third = await another(kit);
      await third.restore(AUGUST);
      const { figures, rows } = await readMonth(third.ledger, AUGUST);
      expect(rows.people.map(({ identity }) => identity as string).sort()).toEqual(everybody);
      expect([figures.totals.all, figures.totals.minted, rows.mints.length]).toEqual([5, 1, 1]);
    });

    test('keeps what the archive knew of somebody who came late to the ledger, too', async () => {
      await recordActs(blank.ledger, [act('m_ada', '2026-08-30T09:00:00Z')]);
      await blank.restore(AUGUST);
      await blank.archive(AUGUST);
      await blank.trim(AUGUST);
      const third = await another(kit);
      await third.restore(AUGUST);
      const { people } = (await readMonth(third.ledger, AUGUST)).rows;
      const ada = people.find(({ identity }) => identity === ('m_ada' as never));
      expect(ada).toMatchObject({
        ...{ className: 'member', mints: 1, firstSeen: Date.parse('2026-08-01T09:00:00Z') / 1000 },
        lastSeen: Date.parse('2026-08-30T09:00:00Z') / 1000,
      });
      expect(
        ada?.signals.map(({ signal, firstAt }) => [signal, new Date(firstAt * 1000).toISOString()]),
      ).toEqual([
        ['minted', '2026-08-01T09:00:00.000Z'],
        ['messaged', '2026-08-20T09:00:00.000Z'],
      ]);
    });

    test('keeps the closing that the archive had beside its own', async () => {
      const [first] = await kit.ledger.documents(DEFAULT_SERVICE, AUGUST, 'closed');
      await blank.restore(AUGUST);
      const record = await blank.archive(AUGUST);
      const figures: string[] = [];
      for await (const lines of blank.folder.read(record!.entry, 'figures')) figures.push(...lines);
      const { closed, earlier } = JSON.parse(figures.join('\n'));
      expect(closed.summary.identities.total).toBe(3);
      expect(earlier).toEqual([JSON.parse(first!.text)]);
    });

    test('puts nothing back over mints of its own under the same numbers', async () => {
      await mintTokens(blank.ledger, [{ identity: 'm_cat', at: '2026-08-25T09:00:00Z' }]);
      const before = await readMonth(blank.ledger, AUGUST);
      await expect(blank.restore(AUGUST)).rejects.toThrow(
        /1 mints of its own under numbers of archived ones/,
      );
      expect(await readMonth(blank.ledger, AUGUST)).toEqual(before);
      expect(filesOf(kit)).toEqual(files);
    });

    test('is shown what the folder holds, whether anybody of the month is counted or not', async () => {
      const sources = { ledger: blank.ledger, book: blank.book, folderOf: () => blank.folder };
      await recordActs(blank.ledger, [act('m_new', '2026-10-02T09:00:00Z')]);
      const seen = async () =>
        (await listArchive(sources, DEFAULT_SERVICE)).map(({ month, counted, entry, people }) => ({
          ...{ month, counted, people, number: entry?.number ?? null },
        }));
      expect(await seen()).toEqual([
        { month: '2026-10', counted: true, people: 'kept', number: null },
        { month: '2026-08', counted: true, people: 'absent', number: 1 },
      ]);
      expect(await blank.verify()).toMatchObject({ ok: true, months: [AUGUST], unknown: [AUGUST] });
      const empty = await another(kit);
      expect(
        await listArchive(
          { ledger: empty.ledger, book: empty.book, folderOf: () => empty.folder },
          DEFAULT_SERVICE,
        ),
      ).toMatchObject([{ month: '2026-08', counted: false, people: 'absent', entry: { identityRows: 2 } }]);
      await blank.restore(AUGUST);
      expect((await seen())[1]).toEqual({ month: '2026-08', counted: true, people: 'kept', number: 1 });
      expect(await blank.verify()).toMatchObject({ ok: true, unknown: [] });
    });
  });

  describe('that lost as many people as it got', () => {
    let files: Record<string, string>;
    beforeEach(async () => {
      await kit.archive(AUGUST);
      files = filesOf(kit);
      let after: string | null = null;
      do {
        ({ next: after } = await kit.store.retention.trimPeople(DEFAULT_SERVICE, AUGUST, after));
      } while (after !== null);
      await recordActs(kit.ledger, [act('m_cat'), act('m_dan')]);
    });

    test('takes nobody out of the archive, and goes on taking what comes late', async () => {
      await expect(kit.trim(AUGUST)).rejects.toThrow(/holds 2 identities .*and the ledger 2 identities/);
      expect(filesOf(kit)).toEqual(files);
      await recordActs(kit.ledger, [act('m_eve')]);
      expect(await namesIn(kit)).toEqual(['m_cat', 'm_dan', 'm_eve']);
    });

    test('may trim once they are back', async () => {
      await kit.restore(AUGUST);
      expect(await kit.trim(AUGUST)).toMatchObject({
        entry: { number: 2, identityRows: 4 },
        people: 'trimmed',
      });
      expect(await archivedNames(kit)).toEqual(['m_ada', 'm_bob', 'm_cat', 'm_dan']);
    });
  });

  test('that loses people when the month is about to leave it takes late evidence again', async () => {
    await kit.archive(AUGUST);
    const unlucky = createArchiveKit({
      ...{ store: kit.store, root: kit.root, key: kit.key, clock: kit.clock },
      async onSettle() {
        let after: string | null = null;
        do {
          ({ next: after } = await kit.store.retention.trimPeople(DEFAULT_SERVICE, AUGUST, after));
        } while (after !== null);
      },
    });
    await expect(unlucky.trim(AUGUST)).rejects.toThrow(/holds 2 identities/);
    expect(await kit.book.read(DEFAULT_SERVICE, AUGUST)).toMatchObject({ mints: 'kept', people: 'kept' });
    await recordActs(kit.ledger, [act('m_eve')]);
    expect(await namesIn(kit)).toEqual(['m_eve']);
    expect(await archivedNames(kit)).toEqual(['m_ada', 'm_bob']);
  });

  test('shows an archived month in which nobody was', async () => {
    const september = monthNamed('2026-09');
    await kit.close(september);
    await kit.archive(september);
    const sources = { ledger: kit.ledger, book: kit.book, folderOf: () => kit.folder };
    expect(await listArchive(sources, DEFAULT_SERVICE)).toMatchObject([
      { month: '2026-09', counted: false, people: 'kept', entry: { number: 1, identityRows: 0 } },
      { month: '2026-08', counted: true, people: 'kept', entry: null },
    ]);
  });

  test('that lost people and got nobody says the month is archived, and keeps its counts', async () => {
    await kit.archive(AUGUST);
    let after: string | null = null;
    do {
      ({ next: after } = await kit.store.retention.trimPeople(DEFAULT_SERVICE, AUGUST, after));
    } while (after !== null);
    expect(await kit.archive(AUGUST)).toMatchObject({ entry: { number: 1 } });
    await expect(kit.trim(AUGUST)).rejects.toThrow(/holds 2 identities that the ledger does not have\. Put/);
    expect(await kit.book.read(DEFAULT_SERVICE, AUGUST)).toMatchObject({ mints: 'kept', people: 'kept' });
  });

  test('that is older than the folder learns the rest of the chain when a month is put back', async () => {
    await kit.archive(AUGUST);
    const documents = await kit.ledger.documents(DEFAULT_SERVICE, monthNamed('1970-01'), 'archive');
    await recordActs(kit.ledger, [
      act('m_new', '2026-10-02T09:00:00Z'),
      act('m_old', '2026-09-02T09:00:00Z'),
    ]);
    await kit.close(OCTOBER, monthNamed('2026-09'));
    await kit.trim(OCTOBER);
    await kit.trim(monthNamed('2026-09'));
    // As a backup of the day before had it.
    await kit.store.keepDocument(DEFAULT_SERVICE, monthNamed('1970-01'), documents[0]!);
    await expect(kit.archive(AUGUST)).rejects.toThrow(/not to its end \(months: 2\)/);
    await kit.restore(OCTOBER);
    expect(await namesIn(kit, OCTOBER)).toEqual(['m_new']);
    expect(await kit.archive(AUGUST)).toMatchObject({ entry: { number: 1 } });
    expect(await kit.verify()).toMatchObject({ ok: true, entries: 3 });
  });
});
