import { expect, test } from '@jest/globals';
import type { DecisionEvent } from '../../src/issue/ports.ts';
import { createDecisionSink } from '../../src/telemetry/decision-log.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';

const NOW = Date.parse('2026-11-20T21:00:00.123Z');

const MINTED: DecisionEvent = {
  ...{ requestId: 'r-1', outcome: 'minted', code: null, service: 'default', intent: 'open_chat' },
  ...{ tabState: null, device: null, via: 'bearer', class: 'member', person: '0123456789ab' },
  ...{ month: '2026-11', firstThisMonth: false, rule: 'intent-allowed', withoutLedger: false },
  ...{ shadow: [], reason: null, durationMs: 1.23456 },
};

async function lineOf(event: DecisionEvent, failure: unknown = null): Promise<unknown> {
  const lines: string[] = [];
  const { logger } = await createLogger({
    ...{ level: 'info', format: 'json', clock: { now: () => NOW } },
    destination: { write: (line) => void lines.push(line) },
  });
  createDecisionSink(logger, createMetrics({ version: 'test', fill: async () => [] }))(event, failure);
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0]!);
}

test('a minted token says what it has to say, and nothing else', async () => {
  expect(await lineOf(MINTED)).toEqual({
    ...{ level: 'info', time: '2026-11-20T21:00:00.123Z', event: 'token.minted', requestId: 'r-1' },
    ...{ outcome: 'minted', service: 'default', intent: 'open_chat', via: 'bearer', class: 'member' },
    ...{ person: '0123456789ab', month: '2026-11', firstThisMonth: false, rule: 'intent-allowed' },
    durationMs: 1.235,
  });
});

test('what is not as usual is there', async () => {
  const unusual = {
    ...{ tabState: 'hidden', device: 'phone', firstThisMonth: true, withoutLedger: true },
    ...{ shadow: ['hidden-tab'], reason: 'look-up: away' },
  };
  expect(await lineOf({ ...MINTED, ...unusual })).toMatchObject(unusual);
});

test('a refusal says why, a failure what broke, and neither makes up who was asking', async () => {
  const stranger = { via: null, class: null, person: null, month: null, firstThisMonth: null, rule: null };
  const refused = await lineOf({
    ...{ ...MINTED, ...stranger },
    ...{ outcome: 'refused', code: 'unauthenticated', reason: 'expired' },
  });
  expect(refused).toEqual({
    ...{ level: 'info', time: '2026-11-20T21:00:00.123Z', event: 'token.refused', requestId: 'r-1' },
    ...{ outcome: 'refused', code: 'unauthenticated', reason: 'expired' },
    ...{ service: 'default', intent: 'open_chat', durationMs: 1.235 },
  });
  const failed = { ...MINTED, ...stranger, outcome: 'failed', code: 'internal' } as const;
  expect(await lineOf(failed, new Error('broken'))).toMatchObject({
    ...{ level: 'error', event: 'token.failed', code: 'internal', err: { message: 'broken' } },
  });
});
