import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { openSqliteLedger } from '../../src/ledger/sqlite/open-sqlite-ledger.ts';
import { recordActs } from '../reports/fill-month.ts';
import {
  type ArchiveKit,
  createArchiveKit,
  createFilledKit,
  fillMonths,
  OCTOBER,
  readMonth,
  SEPTEMBER,
} from './archive-kit.ts';

let kit: ArchiveKit;
beforeEach(async () => {
  kit = await createFilledKit({ closed: [OCTOBER] });
});

const EMPTY = { people: [], mints: [] };

test('rows leave the ledger, and come back the same; counts never leave', async () => {
  const before = await readMonth(kit.ledger, OCTOBER);
  const other = await readMonth(kit.ledger, SEPTEMBER);
  expect(await kit.trim(OCTOBER)).toMatchObject({ mints: 'trimmed', people: 'trimmed' });
  expect(await readMonth(kit.ledger, OCTOBER)).toEqual({ figures: before.figures, rows: EMPTY });
  expect(await readMonth(kit.ledger, SEPTEMBER)).toEqual(other);

  expect(await kit.restore(OCTOBER)).toMatchObject({
    mints: 'kept',
    people: 'kept',
    heldUntil: expect.any(String),
  });
  expect(await readMonth(kit.ledger, OCTOBER)).toEqual(before);
  expect(await kit.restore(OCTOBER)).toMatchObject({ mints: 'kept' });
  expect(await readMonth(kit.ledger, OCTOBER)).toEqual(before);
  expect(await kit.verify()).toMatchObject({ ok: true });
});

test('nothing leaves when the archive is not what it was', async () => {
  const before = await readMonth(kit.ledger, OCTOBER);
  const record = await kit.archive(OCTOBER);
  await kit.trim(OCTOBER);
  await kit.restore(OCTOBER);
  await kit.keeper.work(DEFAULT_SERVICE, {
    kind: 'trim',
    month: OCTOBER,
    rows: { mints: true, people: false },
  });
  writeFileSync(join(kit.folder.path, '0001-2026-10.identities.ndjson.gz'), 'nothing');
  await expect(kit.trim(OCTOBER)).rejects.toThrow(/rows of it have left the ledger/);
  expect((await readMonth(kit.ledger, OCTOBER)).rows).toEqual({ people: before.rows.people, mints: [] });
  expect(record?.entry.number).toBe(1);
});

test('what came since the month was archived is archived, too, before anything leaves', async () => {
  await kit.archive(OCTOBER);
  await recordActs(kit.ledger, [{ identity: 'm_late', signal: 'messaged', at: '2026-10-30T09:00:00Z' }]);
  const before = await readMonth(kit.ledger, OCTOBER);
  expect(await kit.trim(OCTOBER)).toMatchObject({ entry: { number: 2, identityRows: 6 }, people: 'trimmed' });
  await kit.restore(OCTOBER);
  expect(await readMonth(kit.ledger, OCTOBER)).toEqual(before);
  expect(await kit.verify()).toMatchObject({ ok: true, entries: 2 });
});

describe('what comes late', () => {
  const late = (at: string) => recordActs(kit.ledger, [{ identity: 'm_ada', signal: 'read', at }]);

  test('is counted nowhere once people have left, and is told of', async () => {
    await kit.trim(OCTOBER);
    const before = await readMonth(kit.ledger, OCTOBER);
    await late('2026-10-30T09:00:00Z');
    expect(await readMonth(kit.ledger, OCTOBER)).toEqual(before);
    expect(kit.events.at(-1)).toEqual({
      event: 'archive.late',
      service: 'default',
      month: OCTOBER,
      pieces: 1,
    });
  });

  test('is counted in every month whose people are there', async () => {
    await kit.trim(OCTOBER);
    await late('2026-09-30T09:00:00Z');
    const { people } = (await readMonth(kit.ledger, SEPTEMBER)).rows;
    expect(people.find(({ identity }) => identity === 'm_ada')?.signals).toContainEqual(
      expect.objectContaining({ signal: 'read' }),
    );
    await kit.restore(OCTOBER);
    await late('2026-10-30T09:00:00Z');
    expect(kit.events.map(({ event }) => event)).not.toContain('archive.late');
  });

  test('while it is weighed whether the archive is whole does not slip through', async () => {
    const careful = createArchiveKit({
      ...{ store: kit.store, root: kit.root, key: kit.key },
      onSettle: () => late('2026-10-30T09:00:00Z'),
    });
    const before = await readMonth(kit.ledger, OCTOBER);
    expect(await careful.trim(OCTOBER)).toMatchObject({ entry: { number: 1 }, people: 'trimmed' });
    expect((await readMonth(kit.ledger, OCTOBER)).figures).toEqual(before.figures);
  });
});

describe('a ledger that lost the month', () => {
  test('gets people, mints, counts and what was frozen from the archive', async () => {
    const before = await readMonth(kit.ledger, OCTOBER);
    const closed = await kit.ledger.documents(DEFAULT_SERVICE, OCTOBER, 'closed');
    await kit.archive(OCTOBER);
    const empty = createArchiveKit({
      store: openSqliteLedger({ path: ':memory:' }),
      root: kit.root,
      key: kit.key,
    });
    expect(await empty.restore(OCTOBER)).toMatchObject({ mints: 'kept', people: 'kept' });
    expect(await readMonth(empty.ledger, OCTOBER)).toEqual({
      rows: before.rows,
      figures: {
        days: before.figures.days,
        totals: { ...before.figures.totals, masks: expect.arrayContaining(before.figures.totals.masks) },
      },
    });
    expect(await empty.ledger.documents(DEFAULT_SERVICE, OCTOBER, 'closed')).toEqual(closed);
    expect(await empty.restore(OCTOBER)).toMatchObject({ mints: 'kept' });
    expect((await readMonth(empty.ledger, OCTOBER)).rows).toEqual(before.rows);
    expect(await empty.verify()).toMatchObject({ ok: true });
  });

  test('does not take the month out of the archive, too', async () => {
    await kit.archive(OCTOBER);
    const empty = createArchiveKit({
      store: openSqliteLedger({ path: ':memory:' }),
      root: kit.root,
      key: kit.key,
    });
    await fillMonths(empty.ledger, [SEPTEMBER]);
    await empty.close(OCTOBER, SEPTEMBER);
    await expect(empty.trim(OCTOBER)).rejects.toThrow(/does not know/);
    await expect(empty.archive(SEPTEMBER)).rejects.toThrow(/does not know/);
    expect(await kit.verify()).toMatchObject({ ok: true, entries: 1 });
    // What an operator orders makes the chain this ledger's.
    await empty.restore(OCTOBER);
    expect(await empty.archive(SEPTEMBER)).toMatchObject({ entry: { number: 2 } });
  });

  test('takes up no chain that is not sound', async () => {
    await kit.archive(OCTOBER);
    writeFileSync(join(kit.folder.path, '0001-2026-10.json'), '{}');
    const empty = createArchiveKit({
      store: openSqliteLedger({ path: ':memory:' }),
      root: kit.root,
      key: kit.key,
    });
    await expect(empty.restore(OCTOBER)).rejects.toThrow();
    expect(await empty.ledger.months(DEFAULT_SERVICE)).toEqual([]);
  });
});
