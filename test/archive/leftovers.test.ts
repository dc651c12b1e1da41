import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { openSqliteLedger } from '../../src/ledger/sqlite/open-sqlite-ledger.ts';
import { recordActs } from '../reports/fill-month.ts';
import {
  type ArchiveKit,
  AUGUST,
  createArchiveKit,
  createFilledKit,
  fillMonths,
  OCTOBER,
  SEPTEMBER,
} from './archive-kit.ts';

let kit: ArchiveKit;
beforeEach(async () => {
  kit = await createFilledKit({ closed: [AUGUST, SEPTEMBER, OCTOBER], archived: [AUGUST] });
});

const names = () => readdirSync(kit.folder.path).sort();
const leave = (...files: string[]) => {
  for (const file of files) writeFileSync(join(kit.folder.path, file), 'm_ada');
};

/** A gateway on the same ledger and folder that cannot read the people of a month. */
const failing = (failure: Error) =>
  createArchiveKit({
    ...{ store: kit.store, root: kit.root, key: kit.key, clock: kit.clock },
    through: (ledger) => ({ ...ledger, identities: () => Promise.reject(failure) }),
  });

describe('a run that failed', () => {
  test('leaves nothing that it wrote, however often', async () => {
    const before = names();
    for (let run = 0; run < 2; run += 1) {
      await expect(failing(new Error('no people')).trim(SEPTEMBER)).rejects.toThrow('no people');
      expect(names()).toEqual(before);
    }
    expect(await kit.trim(SEPTEMBER)).toMatchObject({ entry: { number: 2 }, people: 'trimmed' });
    expect(await kit.verify()).toMatchObject({ ok: true, entries: 2 });
  });

  test('that was replacing a month leaves the files of before', async () => {
    await recordActs(kit.ledger, [{ identity: 'm_late', signal: 'read', at: '2026-08-30T09:00:00Z' }]);
    const before = names();
    const disk = createArchiveKit({
      ...{ store: kit.store, root: kit.root, key: kit.key, clock: kit.clock },
      through: (ledger) => ({ ...ledger, days: () => Promise.reject(new Error('no days')) }),
    });
    await expect(disk.trim(AUGUST)).rejects.toThrow('no days');
    expect(names()).toEqual(before);
    expect(await kit.book.read('default' as never, AUGUST)).toMatchObject({ people: 'kept', mints: 'kept' });
  });
});

describe('files behind the end of the chain', () => {
  test('that a killed run left are removed by the next one, of whatever month that is', async () => {
    leave(
      '0002-2026-09.mints.ndjson.gz',
      '0002-2026-09.identities.ndjson.gz',
      '0002-2026-09.figures.ndjson.gz.part',
    );
    expect(await kit.archive(OCTOBER)).toMatchObject({ entry: { number: 2 } });
    expect(names().filter((name) => name.includes('2026-09'))).toEqual([]);
    expect(await kit.verify()).toMatchObject({ ok: true, entries: 2 });
  });

  test('are removed also where the ledger knows only that it had begun', async () => {
    const fresh = createArchiveKit();
    await fillMonths(fresh.ledger, [AUGUST, OCTOBER]);
    await fresh.close(AUGUST, OCTOBER);
    await fresh.keeper.hold('default' as never, null, async ({ lease }) => {
      await lease.save({ begun: { number: 1, month: AUGUST, hash: null, replaces: null } });
    });
    await fresh.folder.prepare();
    const stray = join(fresh.folder.path, '0001-2026-08.identities.ndjson.gz');
    writeFileSync(stray, 'm_ada');
    await fresh.archive(OCTOBER);
    expect(existsSync(stray)).toBe(false);
  });

  test('of a replaced entry go when a crash came before they went', async () => {
    await recordActs(kit.ledger, [{ identity: 'm_late', signal: 'read', at: '2026-08-30T09:00:00Z' }]);
    const crashed = { ...kit.folder, removeParts: () => Promise.reject(new Error('killed')) };
    const old = '0001-2026-08.identities.ndjson.gz';
    await kit.keeper.hold('default' as never, null, async (job) => {
      const { archiveMonth } = await import('../../src/archive/archive-month.ts');
      await expect(archiveMonth({ ...job, folder: crashed }, AUGUST)).rejects.toThrow('killed');
    });
    expect(names()).toContain(old);
    await kit.archive(OCTOBER);
    expect(names()).not.toContain(old);
    expect(await kit.verify()).toMatchObject({ ok: true, entries: 3 });
  });
});

describe('files that may be all that is left', () => {
  test('of an entry in the chain that is gone stay', async () => {
    await kit.archive(SEPTEMBER);
    rmSync(join(kit.folder.path, '0001-2026-08.json'));
    await kit.archive(OCTOBER);
    expect(names()).toContain('0001-2026-08.identities.ndjson.gz');
    expect((await kit.verify()).findings).toContainEqual(
      expect.objectContaining({ number: 1, kind: 'missing' }),
    );
  });

  test('are not touched by a ledger that does not know the chain', async () => {
    const blank = createArchiveKit({
      ...{ store: openSqliteLedger({ path: ':memory:' }), root: kit.root, key: kit.key },
    });
    await fillMonths(blank.ledger, [SEPTEMBER]);
    await blank.close(SEPTEMBER);
    leave('0002-2026-09.mints.ndjson.gz', '0002-2026-09.figures.ndjson.gz.part');
    const before = names();
    await expect(blank.archive(SEPTEMBER)).rejects.toThrow(/does not know/);
    expect(names()).toEqual(before);
  });
});
