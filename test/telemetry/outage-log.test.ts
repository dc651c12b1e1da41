import { expect, it } from '@jest/globals';
import { createLogger } from '../../src/telemetry/logger.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { createOutageSink } from '../../src/telemetry/outage-log.ts';
import { settableClock } from '../support/clock.ts';

it('says when the ledger is lost and back, for each service, and counts who was served meanwhile', async () => {
  const lines: Record<string, unknown>[] = [];
  const { logger, flush } = await createLogger({
    ...{ level: 'info', format: 'json', clock: settableClock(0) },
    destination: { write: (line: string) => void lines.push(JSON.parse(line)) },
  });
  const metrics = createMetrics({ version: '1', fill: async () => [] });
  const sink = createOutageSink(logger, metrics);
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
