import { beforeEach, describe, expect, test } from '@jest/globals';
import { GatewayError } from '../../src/domain/gateway-error.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { createJournalEventSink, createWebhookEventSink } from '../../src/telemetry/evidence-log.ts';
import { createLogger, type Logger } from '../../src/telemetry/logger.ts';
import { createMetrics, type Metrics } from '../../src/telemetry/metrics.ts';
import { settableClock } from '../support/clock.ts';

let logger: Logger;
let metrics: Metrics;
let lines: Record<string, unknown>[];

beforeEach(async () => {
  lines = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) };
  const clock = settableClock(Date.parse('2026-11-20T21:00:00Z'));
  ({ logger } = await createLogger({ level: 'debug', format: 'json', clock, destination }));
  metrics = createMetrics({ version: '0.0.0-test', fill: () => Promise.resolve([]) });
});

async function exposed(name: string): Promise<string[]> {
  return (await metrics.expose()).text.split('\n').filter((line) => line.startsWith(name));
}

describe('the journal', () => {
  test('is counted, and only what an operator should know is told', async () => {
    const sink = createJournalEventSink(logger, metrics);
    const failure = new GatewayError('ledger-unavailable', 'no answer within 500 ms');
    sink({ kind: 'appended', bytes: 120 });
    sink({ kind: 'appended', bytes: 220 });
    sink({ kind: 'refused', failure, bytes: 220 });
    const service = DEFAULT_SERVICE;
    sink({ kind: 'waiting', service, failure, bytes: 220 });
    sink({ kind: 'set-aside', service, entries: 3, failure, bytes: 220 });
    sink({ kind: 'replayed', entries: 2, damaged: 0, bytes: 20 });
    sink({ kind: 'replayed', entries: 0, damaged: 1, bytes: 20 });

    expect(lines).toMatchObject([
      { level: 'warn', event: 'journal.waiting', service, bytes: 220, err: { message: failure.message } },
      { level: 'error', event: 'journal.set-aside', service, entries: 3, err: { message: failure.message } },
      { level: 'info', event: 'journal.replayed', entries: 2, damaged: 0, bytes: 20 },
      { level: 'error', event: 'journal.replayed', entries: 0, damaged: 1, bytes: 20 },
    ]);
    expect(await exposed('mauguard_journal')).toEqual([
      'mauguard_journal_entries_total{result="appended"} 2',
      'mauguard_journal_entries_total{result="replayed"} 2',
      'mauguard_journal_entries_total{result="set-aside"} 3',
      'mauguard_journal_entries_total{result="damaged"} 1',
      'mauguard_journal_entries_total{result="refused"} 1',
      'mauguard_journal_bytes 20',
    ]);
  });
});

describe('webhooks', () => {
  test('are counted without a line; a wrong address is told', async () => {
    const sink = createWebhookEventSink(logger, metrics);
    sink({ kind: 'counted', route: 'webhook', event: 'onUserAdded', outcome: 'recorded' });
    sink({ kind: 'counted', route: 'webhook', event: 'unverified', outcome: 'wrong-url' });
    sink({ kind: 'counted', route: 'event-stream', event: 'onUserAdded', outcome: 'marked' });
    expect(lines).toEqual([]);
    sink({ kind: 'wrong-url', signedUrl: 'http://a.example/x', expectedUrl: 'https://a.example/x' });
    expect(lines).toMatchObject([
      {
        level: 'warn',
        event: 'webhook.wrong-url',
        signedUrl: 'http://a.example/x',
        expectedUrl: 'https://a.example/x',
      },
    ]);
    expect(await exposed('mauguard_webhooks_total')).toEqual([
      'mauguard_webhooks_total{event="unverified",outcome="bad-signature"} 0',
      'mauguard_webhooks_total{event="unverified",outcome="wrong-url"} 1',
      'mauguard_webhooks_total{event="onUserAdded",outcome="recorded"} 1',
    ]);
    expect(await exposed('mauguard_stream_events_total')).toEqual([
      'mauguard_stream_events_total{event="onUserAdded",outcome="marked"} 1',
    ]);
  });
});
