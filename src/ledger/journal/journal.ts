import { close, fdatasync, ftruncate, read, write } from 'node:fs';
import { resolve } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { GatewayError } from '../../domain/gateway-error.ts';
import { lockPath } from './lock-path.ts';
import { JOURNAL_HEADER, openJournalFile } from './open-journal-file.ts';
import { decodeLine, encodeLine } from './record-line.ts';

export interface JournalOptions {
  path: string;
  /** Size of the file beyond which nothing is taken any more. */
  bytesMax: number;
}

/** Some records that follow each other. */
export interface JournalSlice {
  texts: string[];
  /** Records that the disk gave back damaged; they are lost. */
  damaged: number;
  /** Where the slice ends, and the next one begins; for {@link Journal.settle}. */
  end: number;
}

/** Where to read, in bytes of the file; `to` is where a slice has ended. Default: all that is not settled. */
export interface JournalRange {
  from?: number;
  to?: number;
}

/** A record may have so many bytes as a line. */
const LINE_BYTES_MAX = 65_536;
const SLICE_BYTES = 4 * LINE_BYTES_MAX;

const [writeAt, readAt] = [promisify(write), promisify(read)];
const [sync, truncate, closeFile] = [promisify(fdatasync), promisify(ftruncate), promisify(close)];

interface QueuedLine {
  bytes: Buffer;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * Records in a file of this process alone, kept until somebody says that they are settled. What was acknowledged is on
 * the disk: it outlives the process and a power cut. What comes in one turn of the event loop, or while the disk is
 * busy, is written and synced together.
 *
 * When everything is settled the file is emptied. A crash before that gives records back a second time, so settling
 * has to be idempotent.
 */
export class Journal {
  readonly #bytesMax: number;
  readonly #fd: number;
  readonly #unlock: () => void;
  /** Bytes of the file that are written and synced. */
  #size: number;
  #settled = JOURNAL_HEADER.length;
  #queue: QueuedLine[] = [];
  /** Bytes that wait for the disk or are on their way. */
  #queuedBytes = 0;
  #scheduled = false;
  /** Why nothing is taken any more, or null. */
  #ended: string | null = null;
  #turn: Promise<unknown> = Promise.resolve();

  /** @throws JournalUnusable */
  constructor({ path, bytesMax }: JournalOptions) {
    const file = resolve(path);
    this.#bytesMax = bytesMax;
    const { fd, size, unlock } = openAlone(file);
    this.#fd = fd;
    this.#size = size;
    this.#unlock = unlock;
  }

  /** Bytes of the file. */
  get bytes(): number {
    return this.#size;
  }

  /**
   * Resolves when the record is on the disk. The text must have no line ends.
   *
   * @throws GatewayError `ledger-unavailable` when the journal is full or closed, or the disk fails; nothing was taken
   */
  append(text: string): Promise<void> {
    const bytes = Buffer.from(encodeLine(text));
    if (bytes.length > LINE_BYTES_MAX) return Promise.reject(new RangeError('a record is too large'));
    if (this.#ended !== null) return Promise.reject(unavailable(this.#ended));
    if (this.#size + this.#queuedBytes + bytes.length > this.#bytesMax) {
      return Promise.reject(unavailable('the journal is full'));
    }
    this.#queuedBytes += bytes.length;
    return new Promise((resolve, reject) => {
      this.#queue.push({ bytes, resolve, reject });
      if (this.#scheduled) return;
      this.#scheduled = true;
      void this.#inTurn(() => this.#flush());
    });
  }

  /** The oldest records of a range, in their order; null when there are none. */
  async next({ from = this.#settled, to = this.#size }: JournalRange = {}): Promise<JournalSlice | null> {
    const length = Math.min(to - from, SLICE_BYTES);
    if (length <= 0) return null;
    const { buffer, bytesRead } = await readAt(this.#fd, Buffer.alloc(length), 0, length, from);
    const whole = buffer.subarray(0, bytesRead).lastIndexOf('\n') + 1;
    // No line is longer than a slice, so this is damage without an end in sight.
    if (whole === 0) return { texts: [], damaged: 1, end: from + length };
    const lines = buffer.toString('utf8', 0, whole - 1).split('\n');
    const texts = lines.map(decodeLine).filter((text) => text !== null);
    return { texts, damaged: lines.length - texts.length, end: from + whole };
  }

  /** Says that everything before the end of a slice is safe elsewhere. True: nothing is left, and the file was emptied. */
  settle(end: number): Promise<boolean> {
    return this.#inTurn(async () => {
      this.#settled = end;
      if (end < this.#size) return false;
      await truncate(this.#fd, JOURNAL_HEADER.length);
      this.#size = JOURNAL_HEADER.length;
      this.#settled = this.#size;
      return true;
    });
  }

  /** Takes nothing more, finishes what it took, and lets go of the file. What is not settled stays in it. */
  async close(): Promise<void> {
    if (this.#ended === CLOSED) return;
    this.#ended = CLOSED;
    await this.#inTurn(async () => {
      await closeFile(this.#fd);
      this.#unlock();
    });
  }

  /** One after the other: appending and emptying must not meet. */
  #inTurn<Answer>(step: () => Promise<Answer>): Promise<Answer> {
    const done = this.#turn.then(step);
    this.#turn = done.catch(() => {});
    return done;
  }

  async #flush(): Promise<void> {
    await nextTurn();
    this.#scheduled = false;
    const lines = this.#queue;
    this.#queue = [];
    const bytes = Buffer.concat(lines.map((line) => line.bytes));
    try {
      await writeWhole(this.#fd, bytes, this.#size);
      await sync(this.#fd);
      this.#size += bytes.length;
      for (const line of lines) line.resolve();
    } catch (error) {
      await this.#forgetUnsynced();
      for (const line of lines) line.reject(unavailable('the journal cannot be written', error));
    } finally {
      this.#queuedBytes -= bytes.length;
    }
  }

  /** Half a line must not run into the next one. */
  async #forgetUnsynced(): Promise<void> {
    await truncate(this.#fd, this.#size).catch(() => {
      this.#ended ??= 'the journal is broken';
    });
  }
}

const CLOSED = 'the journal is closed';

function openAlone(path: string): { fd: number; size: number; unlock: () => void } {
  const unlock = lockPath(path);
  try {
    return { ...openJournalFile(path), unlock };
  } catch (error) {
    unlock();
    throw error;
  }
}

async function writeWhole(fd: number, bytes: Buffer, position: number): Promise<void> {
  for (let from = 0; from < bytes.length; ) {
    const { bytesWritten } = await writeAt(fd, bytes, from, bytes.length - from, position + from);
    from += bytesWritten;
  }
}

function unavailable(detail: string, cause?: unknown): GatewayError {
  return new GatewayError('ledger-unavailable', detail, { cause });
}
