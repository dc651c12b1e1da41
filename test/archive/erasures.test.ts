import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeEach, expect, test } from '@jest/globals';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import {
  type ArchiveKit,
  AUGUST,
  createArchiveKit,
  createFilledKit,
  OCTOBER,
  readMonth,
  SEPTEMBER,
} from './archive-kit.ts';

let kit: ArchiveKit;
beforeEach(async () => {
  kit = await createFilledKit({ closed: [AUGUST, SEPTEMBER, OCTOBER], archived: [AUGUST, SEPTEMBER] });
});

function erase(from: ArchiveKit, identity: string, pseudonym: string) {
  return from.ledger.change(
    DEFAULT_SERVICE,
    { kind: 'erase', erasures: [{ identity: identity as never, pseudonym: pseudonym as never }] },
    {
      ...{ expected: null, idempotency: null },
      audit: {
        ...{ at: from.clock.now(), by: 'anna', role: 'admin', action: 'person.erase', target: 'a person' },
        ...{ before: null, after: null, reason: 'request', requestId: 'r' },
      },
    },
  );
}

/** Every line of every file in the folder. */
const wholeArchive = () =>
  readdirSync(kit.folder.path)
    .map((name) => readFileSync(join(kit.folder.path, name)))
    .map((bytes) => (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString())
    .join('\n');

test('whoever is erased is erased from the archive, and the chain goes on', async () => {
  await kit.trim(AUGUST);
  expect(wholeArchive()).toContain('m_ada');
  await erase(kit, 'm_ada', 'erased_1');
  await kit.schedule.look();
  expect(wholeArchive()).not.toContain('m_ada');
  expect(wholeArchive()).toContain('erased_1');
  expect(wholeArchive()).toContain('m_bob');
  expect(await kit.verify()).toMatchObject({ ok: true, months: [AUGUST, SEPTEMBER, OCTOBER] });
  expect(await kit.book.readErasures(DEFAULT_SERVICE)).toEqual([]);
});

test('a month that comes back before that shows the pseudonym', async () => {
  const before = await readMonth(kit.ledger, AUGUST);
  await kit.trim(AUGUST);
  await erase(kit, 'm_ada', 'erased_1');
  await kit.restore(AUGUST);
  const { figures, rows } = await readMonth(kit.ledger, AUGUST);
  expect(figures).toEqual(before.figures);
  expect(JSON.stringify(rows)).not.toContain('m_ada');
  expect(rows.mints.map(({ identity }) => identity)).toEqual(
    before.rows.mints.map(({ identity }) => identity.replace('m_ada', 'erased_1')),
  );
  expect(await kit.verify()).toMatchObject({ ok: true });
});

test('a month whose rows are in the ledger still leaves it as it is there', async () => {
  await erase(kit, 'm_ada', 'erased_1');
  const before = await readMonth(kit.ledger, SEPTEMBER);
  await kit.trim(SEPTEMBER);
  await kit.restore(SEPTEMBER);
  expect(await readMonth(kit.ledger, SEPTEMBER)).toEqual(before);
  expect(await kit.verify()).toMatchObject({ ok: true });
});

test('a month that is damaged keeps no other one from forgetting, and may be mended', async () => {
  await kit.trim(AUGUST);
  await erase(kit, 'm_ada', 'erased_1');
  writeFileSync(join(kit.folder.path, '0002-2026-09.mints.ndjson.gz'), 'nothing');
  await expect(kit.restore(AUGUST)).rejects.toThrow(/2026-09: its mint log/);
  expect((await kit.folder.entries()).at(-1)).toMatchObject({ number: 3, month: AUGUST });
  // The schedule fails as well, tells so, and writes the damaged month anew, since the ledger has its rows.
  await kit.schedule.look();
  expect(kit.events).toContainEqual(expect.objectContaining({ event: 'archive.failed', kind: 'erase' }));
  await kit.schedule.look();
  expect(wholeArchive()).not.toContain('m_ada');
  expect(await kit.book.readErasures(DEFAULT_SERVICE)).toEqual([]);
  expect(await kit.verify()).toMatchObject({ ok: true });
});

test('a ledger that lost its data remembers whom it erased until it knows the archive again', async () => {
  const blank = createArchiveKit({ root: kit.root, key: kit.key, clock: kit.clock });
  await erase(blank, 'm_ada', 'erased_1');
  await blank.schedule.look();
  expect(blank.events).toContainEqual(expect.objectContaining({ event: 'archive.failed', kind: 'erase' }));
  expect(wholeArchive()).toContain('m_ada');
  await blank.restore(AUGUST);
  expect(wholeArchive()).not.toContain('m_ada');
  const { people } = (await readMonth(blank.ledger, AUGUST)).rows;
  expect(people.map(({ identity }) => identity as string)).toEqual(
    expect.arrayContaining(['erased_1', 'm_bob']),
  );
});

test('somebody whom the archive does not know leaves it alone', async () => {
  await erase(kit, 'm_nobody', 'erased_2');
  await erase(kit, 'm_other', 'erased_3');
  await kit.restore(AUGUST);
  expect(await kit.verify()).toMatchObject({ ok: true, entries: 2 });
  expect(await kit.book.readErasures(DEFAULT_SERVICE)).toEqual([]);
});
