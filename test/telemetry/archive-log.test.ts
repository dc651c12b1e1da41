import { expect, it } from '@jest/globals';
import type { Month } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { createArchiveEventSink } from '../../src/telemetry/archive-log.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { settableClock } from '../support/clock.ts';

it('writes a line for each piece of work, and warns of an archive that the ledger does not know', async () => {
  const lines: Record<string, unknown>[] = [];
  const { logger, flush } = await createLogger({
    ...{ level: 'info', format: 'json', clock: settableClock(0) },
    destination: { write: (line: string) => void lines.push(JSON.parse(line)) },
  });
  const tell = createArchiveEventSink(logger);
  const subject = { service: DEFAULT_SERVICE, month: '2026-08' as Month };
  const [oldest, newest] = ['2026-06', '2026-08'] as Month[];
  tell({ event: 'archive.done', kind: 'trim', ...subject });
  tell({ event: 'archive.failed', kind: 'trim', ...subject, failure: new Error('put it back first') });
  tell({ event: 'archive.late', ...subject, pieces: 2 });
  tell({
    ...{ event: 'archive.unknown', service: DEFAULT_SERVICE, months: 3 },
    ...{ oldest: oldest!, newest: newest! },
  });
  await flush();
  expect(lines).toMatchObject([
    { level: 'info', event: 'archive.done', kind: 'trim', month: '2026-08' },
    { level: 'error', event: 'archive.failed', err: { message: 'put it back first' } },
    { level: 'warn', event: 'archive.late', pieces: 2 },
    { level: 'warn', event: 'archive.unknown', months: 3, oldest, newest, msg: expect.any(String) },
  ]);
  expect(lines[3]?.['msg']).toMatch(/mau-guard archive list.*mau-guard restore/);
});
