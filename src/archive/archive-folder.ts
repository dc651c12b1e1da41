import { link, mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Month, parseMonth } from '../domain/month.ts';
import type { ServiceName } from '../domain/service-name.ts';
import { ARCHIVE_PARTS, type ArchiveEntry, type ArchivePart, type PartDigest } from './archive-entry.ts';
import { parseEntry } from './parse-entry.ts';
import { measurePart, readLines, writePart } from './part-files.ts';

/** A place in the chain, and the month that stands there. */
export interface ArchivePlace {
  number: number;
  month: Month;
}

/** An entry's file; `entry` is null when it holds none. */
export interface StoredEntry extends ArchivePlace {
  entry: ArchiveEntry | null;
}

/** The archive of one service on a disk: for each place in the chain an entry and its parts. */
export interface ArchiveFolder {
  path: string;
  /** By number, then month; empty when there is no folder. */
  entries(): Promise<StoredEntry[]>;
  /**
   * Makes the folder and removes files that a run which broke off left half-written. Answers places of whole parts that
   * no entry speaks of: whose they are is for the caller to know.
   */
  prepare(): Promise<ArchivePlace[]>;
  /** Writes a part, reads it back and gives it its name; what stood there goes. */
  write(
    place: ArchivePlace,
    part: ArchivePart,
    pieces: AsyncIterable<string>,
    onProgress: () => Promise<void>,
  ): Promise<PartDigest>;
  /** What the lines of a part come to; null when it is not there or damaged. */
  measure(place: ArchivePlace, part: ArchivePart): Promise<PartDigest | null>;
  read(place: ArchivePlace, part: ArchivePart): AsyncGenerator<string[], void, undefined>;
  /** Answers false when the place is taken. */
  writeEntry(entry: ArchiveEntry): Promise<boolean>;
  removeParts(place: ArchivePlace): Promise<void>;
}

const ENTRY_NAME = /^(\d{4,})-(\d{4}-\d{2})\.json$/;
const PART_NAME = new RegExp(`^(\\d{4,})-(\\d{4}-\\d{2})\\.(?:${ARCHIVE_PARTS.join('|')})\\.ndjson\\.gz$`);
const HALF_WRITTEN = '.part';

export function openArchiveFolder(root: string, service: ServiceName): ArchiveFolder {
  const path = join(root, service);
  const stemOf = ({ number, month }: ArchivePlace) => `${String(number).padStart(4, '0')}-${month}`;
  const partPath = (place: ArchivePlace, part: ArchivePart) =>
    join(path, `${stemOf(place)}.${part}.ndjson.gz`);

  async function list(): Promise<ArchivePlace[]> {
    const names = await readdir(path).catch(unlessMissing([] as string[]));
    const places = placesIn(names, ENTRY_NAME);
    return places.sort((one, two) => one.number - two.number || (one.month < two.month ? -1 : 1));
  }

  return {
    path,
    async entries() {
      const places = await list();
      return Promise.all(
        places.map(async (place) => {
          const text = await readFile(join(path, `${stemOf(place)}.json`), 'utf8');
          return { ...place, entry: parseEntry(text) };
        }),
      );
    },

    async prepare() {
      await mkdir(path, { recursive: true, mode: 0o700 });
      const names = await readdir(path);
      const halves = names.filter((name) => name.endsWith(HALF_WRITTEN));
      await Promise.all(halves.map((name) => rm(join(path, name))));
      const entries = new Set(placesIn(names, ENTRY_NAME).map(stemOf));
      const parts = new Map(placesIn(names, PART_NAME).map((place) => [stemOf(place), place]));
      return [...parts.values()].filter((place) => !entries.has(stemOf(place)));
    },

    async write(place, part, pieces, onProgress) {
      const target = partPath(place, part);
      const half = `${target}${HALF_WRITTEN}`;
      const written = await writePart(half, pieces, onProgress);
      const read = await measurePart(half);
      if (read === null || read.sha256 !== written.sha256 || read.rows !== written.rows) {
        throw new Error(`${half} does not read as it was written`);
      }
      await rename(half, target);
      await syncFolder(path);
      return written;
    },

    measure: (place, part) => measurePart(partPath(place, part)),
    read: (place, part) => readLines(partPath(place, part)),

    async writeEntry(entry) {
      const places = await list();
      if (places.some(({ number }) => number === entry.number)) return false;
      const target = join(path, `${stemOf(entry)}.json`);
      const half = `${target}${HALF_WRITTEN}`;
      await writeFile(half, `${JSON.stringify(entry, null, 2)}\n`, { mode: 0o600, flush: true });
      // A link fails where a file is already; a rename would take its place.
      const isMine = await link(half, target).then(
        () => true,
        (error: NodeJS.ErrnoException) => {
          if (error.code === 'EEXIST') return false;
          throw error;
        },
      );
      await rm(half);
      await syncFolder(path);
      return isMine;
    },

    async removeParts(place) {
      await Promise.all(ARCHIVE_PARTS.map((part) => rm(partPath(place, part), { force: true })));
      await syncFolder(path);
    },
  };
}

function placesIn(names: readonly string[], pattern: RegExp): ArchivePlace[] {
  return names.flatMap((name) => {
    const [, number, month] = pattern.exec(name) ?? [];
    const parsed = month === undefined ? null : parseMonth(month);
    return parsed === null ? [] : [{ number: Number(number), month: parsed }];
  });
}

/** Names of files are on the disk only once their folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function unlessMissing<Instead>(instead: Instead) {
  return (error: NodeJS.ErrnoException): Instead => {
    if (error.code === 'ENOENT') return instead;
    throw error;
  };
}
