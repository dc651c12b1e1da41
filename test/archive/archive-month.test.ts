import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { hashOfEntry } from '../../src/archive/archive-entry.ts';
import { ArchiveUnfit } from '../../src/archive/job.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { canonicalBytes } from '../../src/reports/manifest.ts';
import { isSignedBy } from '../../src/reports/manifest-key.ts';
import { reportMints } from '../../src/reports/row-report.ts';
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
  kit = await createFilledKit();
});

const linesOf = (name: string) => gunzipSync(readFileSync(join(kit.folder.path, name))).toString();

describe('a month that is archived', () => {
  test('stands in three files, readable by their owner, whose mint log is its export', async () => {
    await kit.close(OCTOBER);
    const record = await kit.archive(OCTOBER);
    expect(readdirSync(kit.folder.path).sort()).toEqual([
      '0001-2026-10.figures.ndjson.gz',
      '0001-2026-10.identities.ndjson.gz',
      '0001-2026-10.json',
      '0001-2026-10.mints.ndjson.gz',
    ]);
    for (const name of readdirSync(kit.folder.path)) {
      expect(statSync(join(kit.folder.path, name)).mode & 0o077).toBe(0);
    }
    const filter = { className: null, beginning: null };
    let exported = '';
    for await (const piece of reportMints(kit.ledger, DEFAULT_SERVICE, OCTOBER, filter).text('ndjson'))
      exported += piece;
    const mints = linesOf('0001-2026-10.mints.ndjson.gz');
    expect(mints).toBe(exported);
    expect(record?.entry).toMatchObject({
      ...{ number: 1, previous: null, month: OCTOBER, mintRows: 5, firstOrdinal: 1, lastOrdinal: 5 },
      ...{ identityRows: 5, figureRows: 1, rulesVersion: expect.any(String) },
      mintSha256: createHash('sha256').update(mints).digest('hex'),
    });
    expect(record).toMatchObject({ mints: 'kept', people: 'kept' });
  });

  test('has an entry that is signed, and that holds the hash of the one before', async () => {
    await kit.close(AUGUST, OCTOBER, SEPTEMBER);
    const [first, second, third] = [
      await kit.archive(AUGUST),
      await kit.archive(OCTOBER),
      await kit.archive(SEPTEMBER),
    ];
    const entries = [first, second, third].map((record) => record!.entry);
    expect(entries.map(({ number }) => number)).toEqual([1, 2, 3]);
    expect(entries[1]?.previous).toBe(hashOfEntry(entries[0]!));
    expect(entries[2]?.previous).toBe(hashOfEntry(entries[1]!));
    for (const entry of entries) {
      const { signature } = entry;
      expect(isSignedBy(kit.key!.publicJwk, canonicalBytes({ ...entry }), signature!)).toBe(true);
    }
    expect(await kit.verify()).toMatchObject({ ok: true, entries: 3, months: [AUGUST, SEPTEMBER, OCTOBER] });
  });

  test('stays as it is when it is archived again, and leaves the ledger as it was', async () => {
    await kit.close(OCTOBER);
    const before = await readMonth(kit.ledger, OCTOBER);
    const record = await kit.archive(OCTOBER);
    expect(await kit.archive(OCTOBER)).toEqual(record);
    expect((await kit.folder.entries()).length).toBe(1);
    expect(await readMonth(kit.ledger, OCTOBER)).toEqual(before);
  });

  test('is written anew when its files are not there any more, at the end of the chain', async () => {
    await kit.close(OCTOBER);
    const record = await kit.archive(OCTOBER);
    await kit.folder.removeParts(record!.entry);
    expect(await kit.archive(OCTOBER)).toMatchObject({ entry: { number: 2, month: OCTOBER } });
    expect(await kit.verify()).toMatchObject({ ok: true, entries: 2, months: [OCTOBER] });
  });

  test('is whole also where a run before was cut off in the middle', async () => {
    await kit.close(OCTOBER);
    await kit.folder.prepare();
    for (const name of [
      '0001-2026-10.mints.ndjson.gz',
      '0001-2026-10.mints.ndjson.gz.part',
      '0001-2026-10.json.part',
    ]) {
      writeFileSync(join(kit.folder.path, name), 'half of something');
    }
    expect(await kit.archive(OCTOBER)).toMatchObject({ entry: { number: 1 } });
    expect(readdirSync(kit.folder.path).filter((name) => name.endsWith('.part'))).toEqual([]);
    expect(await kit.verify()).toMatchObject({ ok: true });
  });

  test('shows people who were erased before by their pseudonym', async () => {
    await kit.ledger.change(
      DEFAULT_SERVICE,
      { kind: 'erase', erasures: [{ identity: 'm_ada' as never, pseudonym: 'erased_1' as never }] },
      {
        ...{ expected: null, idempotency: null },
        audit: {
          ...{ at: kit.clock.now(), by: 'anna', role: 'admin', action: 'person.erase', target: 'a person' },
          ...{ before: null, after: null, reason: 'request', requestId: 'r' },
        },
      },
    );
    await kit.close(OCTOBER);
    await kit.archive(OCTOBER);
    const text = linesOf('0001-2026-10.mints.ndjson.gz') + linesOf('0001-2026-10.identities.ndjson.gz');
    expect(text).toContain('erased_1');
    expect(text).not.toContain('m_ada');
  });
});

test('a month that is not closed is not archived, and why is told', async () => {
  await expect(kit.archive(OCTOBER)).rejects.toThrow(ArchiveUnfit);
  expect(await kit.folder.entries()).toEqual([]);
  expect(await kit.book.readTrouble(DEFAULT_SERVICE, OCTOBER)).toMatchObject({
    says: '2026-10 is not closed.',
  });
  await kit.close(OCTOBER);
  await kit.archive(OCTOBER);
  expect(await kit.book.readTrouble(DEFAULT_SERVICE, OCTOBER)).toBeNull();
});

test('a folder that does not hold the chain is left alone', async () => {
  await kit.close(AUGUST, SEPTEMBER);
  await kit.archive(AUGUST);
  const elsewhere = createArchiveKit({ store: kit.store, key: kit.key });
  await expect(elsewhere.archive(SEPTEMBER)).rejects.toThrow(/folder is empty/);
  expect(await elsewhere.folder.entries()).toEqual([]);
});

test('one gateway works on the archive at a time', async () => {
  await kit.close(AUGUST, SEPTEMBER);
  const other = createArchiveKit({ store: kit.store, root: kit.root, key: kit.key });
  const done = await Promise.all([kit.archive(AUGUST), other.archive(SEPTEMBER)]);
  expect(done.filter((record) => record !== null)).toHaveLength(1);
});
