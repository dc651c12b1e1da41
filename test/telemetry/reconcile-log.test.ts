import { expect, it } from '@jest/globals';
import type { Month } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { createReconcileEventSink } from '../../src/telemetry/reconcile-log.ts';
import { settableClock } from '../support/clock.ts';

it('writes a line for each pull, with a warning for one that failed', async () => {
  const lines: Record<string, unknown>[] = [];
  const { logger, flush } = await createLogger({
    ...{ level: 'info', format: 'json', clock: settableClock(0) },
    destination: { write: (line: string) => void lines.push(JSON.parse(line)) },
  });
  const tell = createReconcileEventSink(logger);
  const subject = { service: DEFAULT_SERVICE, month: '2026-11' as Month };
  tell({ event: 'reconcile.pulled', ...subject, twilio: 8, ledger: 12 });
  tell({ event: 'reconcile.failed', ...subject, trouble: 'too-often' });
  tell({ event: 'reconcile.failed', ...subject, trouble: 'internal', failure: new Error('a defect') });
  await flush();
  const told = { service: 'default', month: '2026-11' };
  expect(lines).toMatchObject([
    { level: 'info', event: 'reconcile.pulled', ...told, twilio: 8, ledger: 12 },
    { level: 'warn', event: 'reconcile.failed', ...told, trouble: 'too-often' },
    { level: 'warn', event: 'reconcile.failed', ...told, trouble: 'internal', err: { message: 'a defect' } },
  ]);
  expect(lines[1]).not.toHaveProperty('err');
});
