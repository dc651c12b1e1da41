import pino from 'pino';
import type { Clock } from '../domain/clock.ts';
import { CENSORED, censorNested, describeError, REDACTED_PATHS } from './redaction.ts';

export type Logger = pino.Logger;

export interface LoggerOptions {
  level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
  /** `json`: one object a line. `pretty`: for a human at a terminal, slow. */
  format: 'json' | 'pretty';
  clock: Clock;
  /** Takes the lines instead of a file descriptor. */
  destination?: { write(line: string): void };
  /** Where lines go; default 1, standard output. */
  fd?: number;
  /**
   * This process is one of several that write to the same place, the one at this place, from 1: each line says which,
   * and writes are small, so that they do not mix.
   */
  place?: number | undefined;
}

export interface LoggerHandle {
  logger: Logger;
  /** Writes out what is still buffered; the logger stays usable. To be called last before the process ends. */
  flush(): Promise<void>;
}

/**
 * Bytes that are gathered before a write, and how long they wait at most. Each write goes through a thread, whose
 * waking costs as much as twenty lines: with 4 KiB at a time a tenth of the mint path's CPU went there.
 */
const BUFFER_BYTES = 65_536;
const FLUSH_MS = 1000;
/** POSIX `PIPE_BUF` on Linux: writes of no more bytes stay whole in a pipe that several processes write to. */
const WHOLE_WRITE_BYTES = 4096;

/** Makes the program's logger. Lines are written asynchronously; what a crash may lose is one second at most. */
export async function createLogger(options: LoggerOptions): Promise<LoggerHandle> {
  const settings: pino.LoggerOptions = {
    level: options.level,
    base: options.place === undefined ? null : { process: options.place },
    timestamp: createTimestamp(options.clock),
    redact: { paths: REDACTED_PATHS, censor: CENSORED },
    serializers: { err: (error: unknown) => describeError(error) },
    formatters: { level: (label) => ({ level: label }), log: censorNested },
  };
  if (options.destination !== undefined) {
    return { logger: pino(settings, options.destination), flush: () => Promise.resolve() };
  }
  const fd = options.fd ?? 1;
  if (options.format === 'pretty') {
    const { default: pretty } = await import('pino-pretty');
    const stream = pretty({ destination: fd, sync: true, singleLine: true, translateTime: 'UTC:HH:MM:ss.l' });
    return { logger: pino(settings, stream), flush: () => Promise.resolve() };
  }
  const stream = pino.destination({
    fd,
    sync: false,
    minLength: options.place !== undefined ? WHOLE_WRITE_BYTES / 2 : BUFFER_BYTES,
    maxWrite: options.place !== undefined ? WHOLE_WRITE_BYTES : 2 * BUFFER_BYTES,
    periodicFlush: FLUSH_MS,
    contentMode: 'buffer',
  });
  const flush = () =>
    new Promise<void>((resolve, reject) =>
      stream.flush((error) => (error && !cannotSync(error) ? reject(error) : resolve())),
    );
  return { logger: pino(settings, writeBytes(stream)), flush };
}

/**
 * Hands lines on as bytes. Given text, sonic-boom measures all that it holds anew at each line, and measuring copies
 * it: that was half of everything the mint path allocated, 33 KB a request.
 */
function writeBytes(
  stream: ReturnType<typeof pino.destination>,
): pino.DestinationStream & { flushSync(): void } {
  return {
    write: (line) => stream.write(Buffer.from(line) as unknown as string),
    flushSync: () => stream.flushSync(),
  };
}

/** Lines of the same millisecond share their text. */
function createTimestamp(clock: Clock): () => string {
  let lastMs = Number.NaN;
  let text = '';
  return () => {
    const nowMs = clock.now();
    if (nowMs !== lastMs) {
      lastMs = nowMs;
      text = `,"time":"${new Date(nowMs).toISOString()}"`;
    }
    return text;
  };
}

/** A flush ends in fsync, which pipes and terminals do not have; the lines are written all the same. */
function cannotSync(error: Error): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'EINVAL' || code === 'ENOTSUP';
}
