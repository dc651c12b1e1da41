import { openSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { LedgerUnavailable } from '../../src/domain/ledger-unavailable.ts';
import { createLogger, type LoggerOptions } from '../../src/telemetry/logger.ts';
import { settableClock } from '../support/clock.ts';

async function log(
  write: (logger: Awaited<ReturnType<typeof createLogger>>['logger']) => void,
  level: LoggerOptions['level'] = 'info',
) {
  const lines: string[] = [];
  const clock = settableClock(Date.UTC(2026, 10, 20, 21, 0, 0, 5));
  const destination = { write: (line: string) => void lines.push(line) };
  const { logger } = await createLogger({ level, format: 'json', clock, destination });
  write(logger);
  return { text: lines.join(''), events: lines.map((line) => JSON.parse(line)) };
}

describe('the logger', () => {
  test('writes one object a line, with level in words and our clock’s time', async () => {
    const { text, events } = await log((logger) => logger.info({ event: 'x', n: 1 }, 'words'));
    expect(events).toEqual([
      { level: 'info', time: '2026-11-20T21:00:00.005Z', event: 'x', n: 1, msg: 'words' },
    ]);
    expect(text).toMatch(/^\{.*\}\n$/);
  });

  test('keeps to its level', async () => {
    const { events } = await log((logger) => {
      logger.info({ event: 'a' });
      logger.warn({ event: 'b' });
    }, 'warn');
    expect(events).toMatchObject([{ event: 'b' }]);
  });

  test.each([
    'authorization',
    'cookie',
    'set-cookie',
    'x-api-key',
    'token',
    'authToken',
    'humanToken',
    'credential',
    'secret',
    'password',
  ])('%s is censored at any depth, in lists and in child loggers', async (name) => {
    const { text, events } = await log((logger) => {
      logger.info({ [name]: 's3cret', deep: { list: [{ [name]: 's3cret', plain: 1 }] } });
      logger.child({ [name]: 's3cret' }).info({ headers: { [name.toUpperCase()]: ['s3cret'] } });
    });
    expect(text).not.toContain('s3cret');
    expect(events[0]).toMatchObject({
      [name]: '[redacted]',
      deep: { list: [{ [name]: '[redacted]', plain: 1 }] },
    });
  });

  test.each(['Authorization', 'SET-COOKIE', 'Set-Cookie', 'X-Api-Key', 'authtoken', 'AuthToken', 'PASSWORD'])(
    '%s is censored, too',
    async (name) => {
      const { text } = await log((logger) => {
        logger.info({ [name]: 's3cret', deep: { [name]: 's3cret' } });
        logger.child({ [name]: 's3cret' }).info('words');
      });
      expect(text).not.toContain('s3cret');
    },
  );

  test('what says itself how it is written hides no secret, and an address no login', async () => {
    const event = {
      session: { toJSON: () => ({ token: 's3cret', n: 1 }) },
      url: new URL('rediss://gateway:s3cret@redis.example.com/0'),
      plain: new URL('https://example.com/a?b=c'),
      broken: {
        toJSON() {
          throw new Error('not now');
        },
      },
      at: new Date(0),
    };
    const { text, events } = await log((logger) => logger.info({ ...event, deep: event }));
    expect(text).not.toContain('s3cret');
    const shown = {
      session: { token: '[redacted]', n: 1 },
      url: 'rediss://[redacted]@redis.example.com/0',
      plain: 'https://example.com/a?b=c',
      broken: '[unreadable]',
      at: '1970-01-01T00:00:00.000Z',
    };
    expect(events[0]).toMatchObject({ ...shown, deep: shown });
  });

  test('the caller’s object is left as it was', async () => {
    const event = { deep: { token: 't' } };
    await log((logger) => logger.info(event));
    expect(event).toEqual({ deep: { token: 't' } });
  });

  test('an error shows kind, message, stack and causes, and nothing that a library hung on it', async () => {
    const cause = Object.assign(new Error('connect ECONNREFUSED'), {
      code: 'ECONNREFUSED',
      command: { args: ['s3cret'] },
    });
    const { text, events } = await log((logger) => {
      logger.error({ event: 'x', err: new TypeError('broken', { cause }) });
      logger.error({ inner: { err: cause } });
      logger.error(cause);
    });
    expect(events[0].err).toEqual({
      type: 'TypeError',
      message: 'broken',
      stack: expect.any(String),
      cause: {
        type: 'Error',
        message: 'connect ECONNREFUSED',
        code: 'ECONNREFUSED',
        stack: expect.any(String),
      },
    });
    expect(events[1].inner.err.message).toBe('connect ECONNREFUSED');
    expect(events[2].err.code).toBe('ECONNREFUSED');
    expect(text).not.toContain('s3cret');
  });

  test('a ledger that is away is no defect: what is wrong in a sentence, and no stack', async () => {
    const away = new LedgerUnavailable('unreachable', 'redis admit: not connected');
    const { events } = await log((logger) => logger.error({ err: away, inner: { err: away } }));
    const told = {
      type: 'LedgerUnavailable',
      message: 'redis admit: not connected',
      code: 'ledger-unavailable',
    };
    expect([events[0].err, events[0].inner.err]).toEqual([told, told]);
  });

  test('what is no error, or refers to itself, does not break a line', async () => {
    const loop: Record<string, unknown> = {};
    loop['self'] = loop;
    const { events } = await log((logger) => {
      logger.error({ err: 'just text' });
      logger.error({ loop, at: new Date(0) });
    });
    expect(events[0].err).toEqual({ type: 'string', message: 'just text' });
    expect(events[1].at).toBe('1970-01-01T00:00:00.000Z');
  });

  test('an instance of a class is no hiding place', async () => {
    class Session {
      token = 's3cret';
    }
    const { text } = await log((logger) => logger.info({ session: new Session() }));
    expect(text).not.toContain('s3cret');
  });
});

describe('lines on a file descriptor', () => {
  let folder: string;
  let path: string;
  let fd: number;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mau-guard-log-'));
    path = join(folder, 'lines');
    // Left open: the logger may write for as long as the process lives.
    fd = openSync(path, 'a');
  });

  afterEach(() => rm(folder, { recursive: true }));

  const create = () => createLogger({ level: 'info', format: 'json', clock: settableClock(0), fd });

  /** Without a flush; a second is promised, and test machines are busy. */
  async function untilWritten(isWritten: (text: string) => boolean): Promise<void> {
    const giveUpAt = performance.now() + 10_000;
    while (!isWritten(await readFile(path, 'utf8'))) {
      if (performance.now() > giveUpAt) throw new Error('it is not written');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  test('are gathered, and written by flush, which can be called at any time', async () => {
    const { logger, flush } = await create();
    logger.info({ n: 1 });
    logger.info({ n: 2 });
    expect(await readFile(path, 'utf8')).toBe('');

    await flush();
    expect((await readFile(path, 'utf8')).split('\n')).toHaveLength(3);

    await flush();
    logger.info({ n: 3 });
    await flush();
    expect(
      (await readFile(path, 'utf8'))
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).n),
    ).toEqual([1, 2, 3]);
  });

  test('are written after a while by themselves', async () => {
    const { logger } = await create();
    logger.info({ n: 1 });
    await untilWritten((text) => text.includes('"n":1'));
  });

  test('are written at once when there are many', async () => {
    const { logger, flush } = await create();
    for (let n = 0; n < 4000; n += 1) logger.info({ n });
    await untilWritten(({ length }) => length > 65_536);
    await flush();
    expect((await readFile(path, 'utf8')).trim().split('\n')).toHaveLength(4000);
  });

  test('can be made for a human', async () => {
    const { logger, flush } = await createLogger({
      level: 'info',
      format: 'pretty',
      clock: settableClock(0),
      fd,
    });
    logger.warn({ event: 'x', token: 's3cret' }, 'words');
    await flush();
    const text = await readFile(path, 'utf8');
    expect(text).toMatch(/WARN.*words.*"event":"x"/s);
    expect(text).not.toMatch(/s3cret|^\{/);
  });
});
