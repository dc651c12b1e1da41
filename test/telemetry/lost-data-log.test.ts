import { expect, it } from '@jest/globals';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { createLostDataSink } from '../../src/telemetry/lost-data-log.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { settableClock } from '../support/clock.ts';

it('wakes somebody for a loss, counts it, and says what came of it', async () => {
  const lines: Record<string, unknown>[] = [];
  const { logger, flush } = await createLogger({
    ...{ level: 'info', format: 'json', clock: settableClock(0) },
    destination: { write: (line: string) => void lines.push(JSON.parse(line)) },
  });
  const metrics = createMetrics({ version: '1', fill: async () => [] });
  const tell = createLostDataSink(logger, metrics);
  tell({ event: 'lost', service: DEFAULT_SERVICE });
  tell({ event: 'restored', service: DEFAULT_SERVICE, people: 3, durationMs: 12.4 });
  tell({ event: 'not-restored', service: DEFAULT_SERVICE, reason: 'a defect' });
  await flush();
  const told = { service: 'default' };
  expect(lines).toMatchObject([
    { level: 'error', event: 'ledger.data-lost', ...told },
    { level: 'warn', event: 'ledger.data-restored', ...told, people: 3, durationMs: 12 },
    { level: 'error', event: 'ledger.data-not-restored', ...told, reason: 'a defect' },
  ]);
  const { text } = await metrics.expose();
  expect(text).toContain('mauguard_ledger_data_lost_total{service="default"} 1');
});
