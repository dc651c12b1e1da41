import {
  chmodSync,
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { JournalUnusable } from './journal-unusable.ts';

/** First line of every journal: a file that begins otherwise is somebody else's and is left alone. */
export const JOURNAL_HEADER = Buffer.from('mau-guard journal 1\n');

const STEP_BYTES = 65_536;
const LINE_END = 0x0a;

/**
 * Opens a journal, or makes one that only this user may read. What a crash left behind the last whole line was never
 * acknowledged and is cut off.
 */
export function openJournalFile(path: string): { fd: number; size: number } {
  let fd: number | null = null;
  try {
    fd = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
    chmodSync(path, 0o600);
    const size = writeHeader(path, fd) ?? cutTornLine(fd);
    fsyncSync(fd);
    syncFolder(dirname(path));
    return { fd, size };
  } catch (error) {
    if (fd !== null) closeQuietly(fd);
    if (error instanceof JournalUnusable) throw error;
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new JournalUnusable(path, `cannot be written: ${reason}`, { cause: error });
  }
}

/** The size of a journal that had to be begun, or null for one that has its header. */
function writeHeader(path: string, fd: number): number | null {
  const start = Buffer.alloc(JOURNAL_HEADER.length);
  const read = readSync(fd, start, 0, start.length, 0);
  if (read === start.length && start.equals(JOURNAL_HEADER)) return null;
  // A crash may have come while the header was written.
  const torn =
    fstatSync(fd).size < start.length && JOURNAL_HEADER.subarray(0, read).equals(start.subarray(0, read));
  if (!torn) throw new JournalUnusable(path, 'is no journal of mau-guard');
  writeSync(fd, JOURNAL_HEADER, 0, JOURNAL_HEADER.length, 0);
  return JOURNAL_HEADER.length;
}

function cutTornLine(fd: number): number {
  const { size } = fstatSync(fd);
  const piece = Buffer.alloc(STEP_BYTES);
  for (let end = size; end > 0; ) {
    const from = Math.max(0, end - STEP_BYTES);
    const read = readSync(fd, piece, 0, end - from, from);
    const at = piece.subarray(0, read).lastIndexOf(LINE_END);
    if (at >= 0) {
      if (from + at + 1 < size) ftruncateSync(fd, from + at + 1);
      return from + at + 1;
    }
    end = from;
  }
  return size;
}

/** So that the file itself outlives a power cut. */
function syncFolder(path: string): void {
  // Windows cannot open folders, and needs no such care.
  if (process.platform === 'win32') return;
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function closeQuietly(fd: number): void {
  try {
    closeSync(fd);
  } catch {
    // Closed already: the fault that led here is the one to tell.
  }
}
