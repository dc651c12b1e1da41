import { expect, it, jest } from '@jest/globals';
import { createLogger } from '../../src/telemetry/logger.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { createOutageSink } from '../../src/telemetry/outage-log.ts';
import { settableClock } from '../support/clock.ts';

async function collect() {
  const lines: Record<string, unknown>[] = [];
  const { logger, flush } = await createLogger({
    ...{ level: 'info', format: 'json', clock: settableClock(0), place: 2 },
    destination: { write: (line: string) => void lines.push(JSON.parse(line)) },
  });
  const metrics = createMetrics({ version: '1', fill: async () => [] });
  return { lines, flush, metrics, sink: createOutageSink(logger, metrics) };
}

it('says when the ledger is lost and back, for each service, and counts who was served meanwhile', async () => {
  const { lines, flush, metrics, sink } = await collect();
  sink.connection('lost', 'read ECONNRESET');
  sink.circuit('default', 'open', 'Command timed out');
  sink.circuit('shop', 'open', 'Command timed out');
  sink.circuit('shop', 'closed', '');
  sink.served('reused');
  sink.served('minted');
  sink.served('minted');
  sink.connection('ready', '');
  await flush();
  expect(lines).toMatchObject([
    { level: 'warn', event: 'ledger.lost', reason: 'read ECONNRESET' },
    { level: 'warn', event: 'ledger.outage', service: 'default', reason: 'Command timed out' },
    { level: 'warn', event: 'ledger.outage', service: 'shop' },
    { level: 'info', event: 'ledger.back', service: 'shop', seconds: expect.any(Number) },
    { level: 'info', event: 'ledger.ready' },
  ]);
  const { text } = await metrics.expose();
  expect(text).toContain('mauguard_ledger_circuit_open{service="default"} 1');
  expect(text).toContain('mauguard_ledger_circuit_open{service="shop"} 0');
  expect(text).toContain('mauguard_outage_tokens_total{outcome="minted"} 2');
  expect(text).toContain('mauguard_outage_tokens_total{outcome="reused"} 1');
});

it('says how long it was away, also when nobody asked at first, and which of several processes says so', async () => {
  jest.useFakeTimers();
  try {
    const { lines, flush, sink } = await collect();
    sink.connection('lost', 'read ECONNRESET');
    jest.advanceTimersByTime(40_000);
    sink.circuit('default', 'open', 'redis admit: not connected');
    jest.advanceTimersByTime(10_000);
    sink.connection('ready', '');
    jest.advanceTimersByTime(250);
    sink.circuit('default', 'closed', '');
    jest.advanceTimersByTime(60_000);
    sink.circuit('default', 'open', 'redis admit: no answer in time');
    jest.advanceTimersByTime(3_000);
    sink.circuit('default', 'closed', '');
    await flush();
    expect(lines.filter(({ seconds }) => seconds !== undefined)).toMatchObject([
      { process: 2, event: 'ledger.ready', seconds: 50 },
      { process: 2, event: 'ledger.back', service: 'default', seconds: 50.3 },
      { process: 2, event: 'ledger.back', service: 'default', seconds: 3 },
    ]);
  } finally {
    jest.useRealTimers();
  }
});
