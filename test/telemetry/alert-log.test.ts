import { describe, expect, test } from '@jest/globals';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { createAlertEventSink } from '../../src/telemetry/alert-log.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { settableClock } from '../support/clock.ts';

async function build() {
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) };
  const { logger } = await createLogger({
    level: 'debug',
    format: 'json',
    clock: settableClock(0),
    destination,
  });
  const metrics = createMetrics({ version: '1', fill: () => Promise.resolve([]) });
  return { lines, metrics, sink: createAlertEventSink(logger, metrics) };
}

const ATTEMPT = {
  kind: 'attempt',
  service: DEFAULT_SERVICE,
  alertId: '17',
  target: 'pager',
  attempts: 2,
  dueAt: null,
  error: null,
} as const;

describe('an attempt to deliver an alert', () => {
  test.each([
    ['delivered', 'info', 'delivered'],
    ['pending', 'warn', 'failed'],
    ['given-up', 'error', 'given-up'],
  ] as const)('that ends %s is a line of level %s and counts as %s', async (state, level, result) => {
    const { lines, metrics, sink } = await build();
    sink({ ...ATTEMPT, state });
    expect(lines).toMatchObject([
      {
        ...{ level, event: 'alert.attempt', service: 'default', alertId: '17', target: 'pager' },
        ...{ state, attempts: 2, error: null, nextAttemptAt: null },
      },
    ]);
    expect((await metrics.expose()).text).toContain(
      `mauguard_alert_deliveries_total{target="pager",result="${result}"} 1`,
    );
  });

  test('says why it failed and when the next one is due; a defect with its stack', async () => {
    const { lines, sink } = await build();
    const dueAt = Date.parse('2026-11-20T21:00:05Z');
    sink({ ...ATTEMPT, state: 'pending', dueAt, error: 'answered 500', failure: new TypeError('boom') });
    expect(lines).toMatchObject([
      {
        error: 'answered 500',
        nextAttemptAt: '2026-11-20T21:00:05.000Z',
        err: { type: 'TypeError', message: 'boom' },
      },
    ]);
  });
});

test('an alert that a new target skips is a line of level debug and counts as nothing', async () => {
  const { lines, metrics, sink } = await build();
  sink({ kind: 'skipped', service: DEFAULT_SERVICE, alertId: '17', target: 'pager' });
  expect(lines).toMatchObject([
    { level: 'debug', event: 'alert.skipped', service: 'default', alertId: '17', target: 'pager' },
  ]);
  expect((await metrics.expose()).text).not.toContain('target="pager"');
});

test('a ledger that is away is a line, and so is its return', async () => {
  const { lines, sink } = await build();
  sink({ kind: 'stalled', target: 'pager', failure: new Error('gone') });
  sink({ kind: 'resumed', target: 'pager' });
  expect(lines).toMatchObject([
    { level: 'warn', event: 'alerts.stalled', target: 'pager', err: { message: 'gone' } },
    { level: 'info', event: 'alerts.resumed', target: 'pager' },
  ]);
});
