import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type ArchiveVerification, verifyArchive } from '../../src/archive/verify-archive.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import {
  type ArchiveKit,
  AUGUST,
  createArchiveKit,
  createFilledKit,
  fillMonths,
  makeKey,
  OCTOBER,
  SEPTEMBER,
} from './archive-kit.ts';

let kit: ArchiveKit;
beforeEach(async () => {
  const months = [AUGUST, SEPTEMBER, OCTOBER];
  kit = await createFilledKit({ closed: months, archived: months });
});

const pathOf = (name: string) => join(kit.folder.path, name);

function swap(one: string, other: string): void {
  renameSync(pathOf(one), pathOf('aside'));
  renameSync(pathOf(other), pathOf(one));
  renameSync(pathOf('aside'), pathOf(other));
}

function rewrite(name: string, change: (text: string) => string): void {
  const isPacked = name.endsWith('.gz');
  const bytes = readFileSync(pathOf(name));
  const text = change(isPacked ? gunzipSync(bytes).toString() : bytes.toString());
  writeFileSync(pathOf(name), isPacked ? gzipSync(text) : text);
}

/** With nothing but the folder, as somebody who was given a copy. */
function verifyCopy(terms: Partial<Parameters<typeof verifyArchive>[2]> = {}): Promise<ArchiveVerification> {
  return verifyArchive(kit.folder, DEFAULT_SERVICE, { head: null, keys: [], mustBeSigned: false, ...terms });
}

const found = ({ findings }: ArchiveVerification) =>
  findings.map(({ month, number, kind }) => `${month ?? number}: ${kind}`);

describe('an archive that is what it was', () => {
  test('is found so, by the gateway and by whoever has a copy and the public key', async () => {
    expect(await kit.verify()).toMatchObject({ ok: true, findings: [] });
    expect(await verifyCopy({ keys: [kit.key!.publicJwk], mustBeSigned: true })).toMatchObject({ ok: true });
    expect(await verifyCopy()).toMatchObject({ ok: true });
  });
});

describe('what was done to the files of a month', () => {
  test.each(['mints', 'identities', 'figures'])('a changed byte of %s', async (part) => {
    const name = `0002-2026-09.${part}.ndjson.gz`;
    rewrite(name, (text) => text.replace(/2026/, '2025'));
    expect(found(await verifyCopy())).toEqual(['2026-09: changed']);
  });

  test('every single byte of the compressed file counts', async () => {
    const name = '0002-2026-09.mints.ndjson.gz';
    const bytes = readFileSync(pathOf(name));
    // Behind the header of gzip, which says nothing of the rows, and before its end.
    for (let at = 12; at < bytes.length - 8; at += 7) {
      const tampered = Buffer.from(bytes);
      tampered[at]! ^= 0x10;
      writeFileSync(pathOf(name), tampered);
      expect(found(await verifyCopy())).toHaveLength(1);
    }
  });

  test('a line that was left out, and one that is there twice', async () => {
    rewrite('0001-2026-08.mints.ndjson.gz', (text) => text.split('\n').toSpliced(1, 1).join('\n'));
    const verification = await verifyCopy();
    expect(found(verification)).toEqual(['2026-08: changed']);
    expect(verification.findings[0]?.says).toMatch(/4 rows where there were 5/);
    rewrite('0001-2026-08.mints.ndjson.gz', (text) => `${text}${text.split('\n')[0]}\n`);
    expect(found(await verifyCopy())).toEqual(['2026-08: changed']);
  });

  test('the files of two months in each other\u2019s place', async () => {
    swap('0001-2026-08.mints.ndjson.gz', '0003-2026-10.mints.ndjson.gz');
    const { ok, findings } = await verifyCopy();
    expect(ok).toBe(false);
    expect(findings).toMatchObject([
      { month: '2026-08', kind: 'reordered', says: 'its mint log is that of 2026-10' },
      { month: '2026-10', kind: 'reordered', says: 'its mint log is that of 2026-08' },
    ]);
  });

  test('a file that is gone, cut off, or no file of ours', async () => {
    const name = '0003-2026-10.identities.ndjson.gz';
    const bytes = readFileSync(pathOf(name));
    writeFileSync(pathOf(name), bytes.subarray(0, bytes.length - 12));
    expect(found(await verifyCopy())).toEqual(['2026-10: missing']);
    writeFileSync(pathOf(name), 'something else');
    expect(found(await verifyCopy())).toEqual(['2026-10: missing']);
    rmSync(pathOf(name));
    expect(found(await verifyCopy())).toEqual(['2026-10: missing']);
  });
});

describe('what was done to the chain', () => {
  const forge = (text: string) => {
    const entry = JSON.parse(text);
    return JSON.stringify({ ...entry, mintRows: entry.mintRows + 1, kid: null, signature: null });
  };

  test('an entry that was written anew to fit other files is told by the next one', async () => {
    rewrite('0002-2026-09.json', forge);
    expect(found(await verifyCopy())).toContain('2026-09: changed');
  });

  test('the last entry has no next one: the signature, or what is known of the end, tells', async () => {
    // The files are made to fit, so that only the entry itself can tell.
    rewrite('0003-2026-10.json', (text) => {
      const entry = JSON.parse(text);
      return JSON.stringify({ ...entry, asOf: '2020-01-01T00:00:00.000Z', kid: null, signature: null });
    });
    expect(found(await verifyCopy())).toEqual([]);
    expect(found(await verifyCopy({ keys: [kit.key!.publicJwk], mustBeSigned: true }))).toEqual([
      '2026-10: unsigned',
    ]);
    expect(found(await kit.verify())).toContain('2026-10: changed');
  });

  test('a signature that was taken away, or is of another key', async () => {
    rewrite('0003-2026-10.json', (text) => JSON.stringify({ ...JSON.parse(text), signature: null }));
    expect(found(await verifyCopy())).toEqual(['2026-10: changed']);
    const other = { keys: [makeKey().publicJwk], mustBeSigned: true };
    expect(found(await verifyCopy(other))).toContain('2026-09: unknown-key');
  });

  test('a month in the middle that is gone', async () => {
    for (const end of ['json', 'mints.ndjson.gz', 'identities.ndjson.gz', 'figures.ndjson.gz']) {
      rmSync(pathOf(`0002-2026-09.${end}`));
    }
    const { findings } = await verifyCopy();
    expect(findings).toEqual([
      { month: null, number: 2, kind: 'missing', says: 'entry 2 is missing, after 2026-08, before 2026-10' },
    ]);
    expect(found(await kit.verify())).toContain('2026-09: missing');
  });

  test('an end that was cut off is known to the ledger, and to whoever noted the end', async () => {
    const { head } = await kit.verify();
    for (const end of ['json', 'mints.ndjson.gz', 'identities.ndjson.gz', 'figures.ndjson.gz']) {
      rmSync(pathOf(`0003-2026-10.${end}`));
    }
    expect(found(await verifyCopy())).toEqual([]);
    expect(found(await verifyCopy({ head }))).toEqual(['3: missing']);
    expect(found(await kit.verify())).toContain('2026-10: missing');
  });

  test('entries in each other\u2019s place', async () => {
    swap('0001-2026-08.json', '0002-2026-09.json');
    const { ok, findings } = await verifyCopy();
    expect(ok).toBe(false);
    expect(findings.filter(({ kind }) => kind === 'reordered').map(({ month }) => month)).toEqual(
      expect.arrayContaining(['2026-08', '2026-09']),
    );
  });

  test('months whose numbers were exchanged, all names made to fit', async () => {
    const number = (text: string, to: number) => JSON.stringify({ ...JSON.parse(text), number: to });
    rewrite('0001-2026-08.json', (text) => number(text, 2));
    rewrite('0002-2026-09.json', (text) => number(text, 1));
    renameSync(pathOf('0001-2026-08.json'), pathOf('0002-2026-08.json'));
    renameSync(pathOf('0002-2026-09.json'), pathOf('0001-2026-09.json'));
    expect((await verifyCopy()).ok).toBe(false);
  });

  test('an entry that is none any more', async () => {
    writeFileSync(pathOf('0002-2026-09.json'), '{');
    expect(found(await verifyCopy())).toContain('2026-09: changed');
  });
});

/** What an archive says, however it is packed. */
function contents(): string {
  const texts = readdirSync(kit.folder.path).map((name) => {
    const bytes = readFileSync(pathOf(name));
    try {
      const text = name.endsWith('.gz')
        ? gunzipSync(bytes).toString()
        : JSON.stringify(JSON.parse(bytes.toString()));
      return `${name} ${text}`;
    } catch {
      return `${name} unreadable`;
    }
  });
  return texts.join('\n');
}

test('whatever bit of whatever file is turned: it says the same, or it is found', async () => {
  const names = readdirSync(kit.folder.path);
  const was = contents();
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...names),
      fc.nat(),
      fc.integer({ min: 0, max: 7 }),
      async (name, at, bit) => {
        const bytes = readFileSync(pathOf(name));
        const tampered = Buffer.from(bytes);
        tampered[at % bytes.length]! ^= 1 << bit;
        writeFileSync(pathOf(name), tampered);
        const isSame = contents() === was;
        const { ok } = await kit.verify();
        writeFileSync(pathOf(name), bytes);
        expect({ ok, name, at, bit }).toEqual({ ok: isSame, name, at, bit });
      },
    ),
    { numRuns: 150 },
  );
}, 60_000);

test('an entry from before there was a key is vouched for by a later one', async () => {
  const unsigned = createArchiveKit({ key: null });
  await fillMonths(unsigned.ledger);
  await unsigned.close(AUGUST, OCTOBER);
  await unsigned.archive(AUGUST);
  const key = makeKey();
  const signed = createArchiveKit({ store: unsigned.store, root: unsigned.root, key });
  expect(await signed.verify()).toMatchObject({ ok: true });
  await signed.archive(OCTOBER);
  const terms = { head: null, keys: [key.publicJwk], mustBeSigned: true };
  expect(await verifyArchive(signed.folder, DEFAULT_SERVICE, terms)).toMatchObject({ ok: true });
});
