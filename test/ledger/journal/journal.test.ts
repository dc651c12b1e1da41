import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Journal } from '../../../src/ledger/journal/journal.ts';
import { JournalUnusable } from '../../../src/ledger/journal/journal-unusable.ts';

const MEBIBYTE = 1024 * 1024;
const HEADER = 'mau-guard journal 1\n';

let folder: string;
let files = 0;
let opened: Journal[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mau-guard-journal-'));
});
afterEach(async () => {
  for (const journal of opened) await journal.close();
  opened = [];
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function freshPath(): string {
  files += 1;
  return join(folder, String(files), 'journal');
}

function open(path: string, bytesMax = MEBIBYTE): Journal {
  const journal = new Journal({ path, bytesMax });
  opened.push(journal);
  return journal;
}

/** Everything that is not settled, without settling it. */
async function textsOf(journal: Journal): Promise<string[]> {
  return (await journal.next())?.texts ?? [];
}

/** A closed journal with these records. */
async function written(texts: readonly string[]): Promise<string> {
  const path = freshPath();
  const journal = open(path);
  for (const text of texts) await journal.append(text);
  await journal.close();
  return path;
}

describe('a journal', () => {
  test('gives back what was appended, in its order, until it is settled', async () => {
    const journal = open(freshPath());
    expect(await journal.next()).toBeNull();
    const texts = Array.from({ length: 100 }, (_, number) => `{"ä":${number}}`);
    await Promise.all(texts.map((text) => journal.append(text)));
    const slice = await journal.next();
    expect(slice).toMatchObject({ texts, damaged: 0 });
    expect(await journal.next()).toEqual(slice);
    await journal.settle(slice!.end);
    expect(await journal.next()).toBeNull();
    expect(journal.bytes).toBe(HEADER.length);
  });

  test('goes on where a slice ended, and is emptied only when all is settled', async () => {
    const journal = open(freshPath());
    await journal.append('one');
    const first = await journal.next();
    await journal.append('two');
    await journal.settle(first!.end);
    expect(journal.bytes).toBeGreaterThan(HEADER.length);
    const second = await journal.next();
    expect(second?.texts).toEqual(['two']);
    await journal.settle(second!.end);
    expect(journal.bytes).toBe(HEADER.length);
    await journal.append('three');
    expect(await textsOf(journal)).toEqual(['three']);
  });

  test('gives back much in slices, none of them cut inside a record', async () => {
    const journal = open(freshPath(), 4 * MEBIBYTE);
    const texts = Array.from({ length: 60 }, (_, number) => `${number}${'x'.repeat(20_000)}`);
    await Promise.all(texts.map((text) => journal.append(text)));
    const found: string[] = [];
    for (let slice = await journal.next(); slice !== null; slice = await journal.next()) {
      expect(slice.damaged).toBe(0);
      found.push(...slice.texts);
      await journal.settle(slice.end);
    }
    expect(found).toEqual(texts);
  });

  test('keeps what is not settled for the next process', async () => {
    const path = await written(['one', 'two']);
    expect(await textsOf(open(path))).toEqual(['one', 'two']);
  });

  test('refuses what does not fit, keeps what it has, and takes more after it was emptied', async () => {
    const journal = open(freshPath(), HEADER.length + 30);
    await journal.append('x'.repeat(10));
    const results = await Promise.allSettled([journal.append('y'), journal.append('z'.repeat(10))]);
    expect(results).toMatchObject([
      { status: 'rejected', reason: { code: 'ledger-unavailable', message: 'the journal is full' } },
      { status: 'rejected' },
    ]);
    const slice = await journal.next();
    expect(slice?.texts).toEqual(['x'.repeat(10)]);
    await journal.settle(slice!.end);
    await journal.append('z'.repeat(10));
    expect(journal.bytes).toBe(HEADER.length + 20);
  });

  test('counts what is on its way to the disk as taken', async () => {
    const journal = open(freshPath(), HEADER.length + 30);
    const results = await Promise.allSettled(
      ['a', 'b', 'c', 'd'].map((text) => journal.append(text.repeat(5))),
    );
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected']);
    expect(await textsOf(journal)).toEqual(['aaaaa', 'bbbbb']);
  });

  test('takes nothing more once it is closed, but finishes what it took', async () => {
    const path = freshPath();
    const journal = open(path);
    const taken = journal.append('one');
    await journal.close();
    await taken;
    await expect(journal.append('two')).rejects.toMatchObject({ code: 'ledger-unavailable' });
    await journal.close();
    expect(await textsOf(open(path))).toEqual(['one']);
  });
});

describe('after a crash', () => {
  test('a torn last record is dropped and all others are kept, wherever it was torn', async () => {
    const path = await written(['one', 'two', 'three']);
    const whole = readFileSync(path);
    const lastLine = whole.length - '00000000 three\n'.length;
    for (let end = lastLine; end < whole.length; end++) {
      const torn = freshPath();
      mkdirSync(join(torn, '..'));
      writeFileSync(torn, whole.subarray(0, end));
      const journal = open(torn);
      expect(await textsOf(journal)).toEqual(['one', 'two']);
      await journal.append('four');
      expect(await textsOf(journal)).toEqual(['one', 'two', 'four']);
      await journal.close();
      rmSync(`${torn}.lock`, { force: true });
    }
  });

  test('a torn header is written anew', async () => {
    for (const length of [0, 1, HEADER.length - 1]) {
      const path = freshPath();
      mkdirSync(join(path, '..'));
      writeFileSync(path, HEADER.slice(0, length));
      const journal = open(path);
      await journal.append('one');
      await journal.close();
      expect(await textsOf(open(path))).toEqual(['one']);
    }
  });

  test('a damaged record is counted and the others are kept', async () => {
    const path = await written(['one', 'two', 'three']);
    const bytes = readFileSync(path);
    bytes.write('X', bytes.indexOf('two'));
    writeFileSync(path, bytes);
    expect(await open(path).next()).toMatchObject({ texts: ['one', 'three'], damaged: 1 });
  });

  test('a stretch of zeros, as a power cut leaves it, costs one record', async () => {
    const path = await written(['one', 'two']);
    appendFileSync(path, Buffer.concat([Buffer.alloc(5_000), Buffer.from('\n')]));
    const journal = open(path);
    await journal.append('three');
    expect(await journal.next()).toMatchObject({ texts: ['one', 'two', 'three'], damaged: 1 });
  });
});

describe('the file', () => {
  test('is made with its folder and is for the gateway only', async () => {
    const path = await written([]);
    expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    chmodSync(path, 0o644);
    await open(path).close();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('belongs to one process, and to the next once that lets go', async () => {
    const path = freshPath();
    const journal = open(path);
    expect(() => open(path)).toThrow('another gateway uses it');
    await journal.close();
    expect(await open(path).next()).toBeNull();
  });

  test('that is something else is left as it is', async () => {
    const foreign = join(folder, 'ledger.db');
    const text = 'SQLite format 3 and much more, without an end of line';
    writeFileSync(foreign, text);
    expect(() => open(foreign)).toThrow('is no journal of mau-guard');
    expect(readFileSync(foreign, 'utf8')).toBe(text);
    // The refusal has let go of the lock.
    copyFileSync(await written(['one']), foreign);
    expect(await textsOf(open(foreign))).toEqual(['one']);
  });

  test('that is a folder is refused', () => {
    const path = freshPath();
    mkdirSync(path, { recursive: true });
    expect(() => open(path)).toThrow(JournalUnusable);
  });
});
