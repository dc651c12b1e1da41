import { type FileHandle, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import type { ExportMark, ExportSink } from './export-sink.ts';
import { UsageError } from './usage-error.ts';

/** What is kept beside a part file, so that a later run knows where it ends and what it is of. */
interface Checkpoint extends ExportMark {
  question: string;
  bytes: number;
  /** When its first row was asked for, ms since the epoch. */
  begunAt: number;
}

/** An older part may name people who were erased since, and is soon written again. */
const GOES_ON_MS = 3_600_000;

/** Exports hold who people are. */
const OWNER_ONLY = 0o600;

/**
 * A file that is there only when it is whole: until then what was written is in `<path>.part`, and how far it leads in
 * `<path>.part.json`. A later run for the same question goes on there, within an hour after the first one began.
 *
 * @param question everything that the rows depend on
 * @param nowMs clock reading, ms since the epoch
 * @throws UsageError when it cannot be written
 */
export async function openExportFile(path: string, question: string, nowMs: number): Promise<ExportSink> {
  const [part, note] = [`${path}.part`, `${path}.part.json`];
  const known = await readCheckpoint(note, question, nowMs);
  const file = await openPart(part, known);
  let bytes = file.continued ? (known?.bytes ?? 0) : 0;
  const start: ExportMark =
    file.continued && known !== null ? { cursor: known.cursor, rows: known.rows } : { cursor: null, rows: 0 };
  const begunAt = file.continued ? (known?.begunAt ?? nowMs) : nowMs;
  return {
    start,
    async write(text, mark) {
      const written = Buffer.from(text);
      await file.handle.writeFile(written);
      bytes += written.length;
      await writeWhole(note, JSON.stringify({ question, begunAt, bytes, ...mark } satisfies Checkpoint));
    },
    async finish() {
      await file.handle.sync();
      await file.handle.close();
      await rename(part, path);
      await rm(note, { force: true });
    },
    leave: () => file.handle.close(),
  };
}

/** Opens the part file where the checkpoint says that it ends; anew where it does not reach so far. */
async function openPart(
  path: string,
  known: Checkpoint | null,
): Promise<{ handle: FileHandle; continued: boolean }> {
  if (known !== null) {
    const handle = await open(path, 'r+').catch(() => null);
    if (handle !== null && (await handle.stat()).size >= known.bytes) {
      await handle.truncate(known.bytes);
      await handle.close();
      return { handle: await open(path, 'a'), continued: true };
    }
    await handle?.close();
  }
  try {
    return { handle: await open(path, 'w', OWNER_ONLY), continued: false };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new UsageError(`${path} cannot be written: ${code}`);
  }
}

async function readCheckpoint(path: string, question: string, nowMs: number): Promise<Checkpoint | null> {
  try {
    const known = JSON.parse(await readFile(path, 'utf8')) as Checkpoint;
    const isFresh = nowMs >= known.begunAt && nowMs - known.begunAt < GOES_ON_MS;
    return known.question === question && known.cursor !== null && isFresh ? known : null;
  } catch {
    // None, or one that was cut off: then it begins anew.
    return null;
  }
}

/** A file that is never seen half-written. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const draft = `${path}.new`;
  await writeFile(draft, text, { mode: OWNER_ONLY });
  await rename(draft, path);
}
