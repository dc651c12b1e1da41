import { describe, expect, test } from '@jest/globals';
import { GatewayError } from '../../src/domain/gateway-error.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import type { EvidenceLedger } from '../../src/ledger/ledger.ts';
import { createEvidenceBatches } from '../../src/signals/evidence-batches.ts';
import { evidenceOf } from '../ledger/contract/builders.ts';
import { settableClock } from '../support/clock.ts';

const DEADLINE_MS = 10_000;
const MEMORY = { clock: settableClock(Date.parse('2026-11-20T10:00:00Z')), onDataLoss() {} };

/** A ledger whose calls wait until they are told how to end; only the batching in front of it is under test. */
function slowLedger() {
  const calls: { pieces: number; end(error?: Error): void }[] = [];
  const store: EvidenceLedger = {
    record: (_, evidence) =>
      new Promise((resolve, reject) => {
        const end = (error?: Error) => (error === undefined ? resolve() : reject(error));
        calls.push({ pieces: evidence.length, end });
      }),
  };
  return { store, calls };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

async function made(calls: readonly unknown[], count: number): Promise<void> {
  while (calls.length < count) await turn();
}

let told = 0;

/** Another person's each time: the same is not brought twice. */
const piece = () => [evidenceOf(`person-${told++}`, 'connected', '2026-11-20T09:00:00Z')];

describe('batches of evidence', () => {
  test('gather while a call is under way', async () => {
    const { store, calls } = slowLedger();
    const record = createEvidenceBatches(store, DEADLINE_MS, MEMORY);
    const first = record(DEFAULT_SERVICE, piece());
    await turn();
    const later = Array.from({ length: 1_038 }, () => record(DEFAULT_SERVICE, piece()));
    await turn();
    expect(calls.map(({ pieces }) => pieces)).toEqual([1]);
    calls[0]?.end();
    await first;
    await made(calls, 3);
    expect(calls.map(({ pieces }) => pieces)).toEqual([1, 1_024, 14]);
    for (const { end } of calls) end();
    await Promise.all(later);
  });

  test('do not wait for each other to learn that the ledger is away', async () => {
    const { store, calls } = slowLedger();
    const record = createEvidenceBatches(store, DEADLINE_MS, MEMORY);
    const first = record(DEFAULT_SERVICE, piece());
    await turn();
    const behind = record(DEFAULT_SERVICE, piece());
    calls[0]?.end(new GatewayError('ledger-unavailable', 'away'));
    await expect(first).rejects.toThrow('away');
    await expect(behind).rejects.toThrow('away');
    expect(calls).toHaveLength(1);
    const next = record(DEFAULT_SERVICE, piece());
    await made(calls, 2);
    calls[1]?.end();
    await next;
  });

  test('take a defect as a matter of one call', async () => {
    const { store, calls } = slowLedger();
    const record = createEvidenceBatches(store, DEADLINE_MS, MEMORY);
    const first = record(DEFAULT_SERVICE, piece());
    await turn();
    const behind = record(DEFAULT_SERVICE, piece());
    calls[0]?.end(new RangeError('a defect'));
    await expect(first).rejects.toThrow('a defect');
    await made(calls, 2);
    calls[1]?.end();
    await behind;
  });

  test('have a deadline from their first sender on, which the call outlives', async () => {
    const { store, calls } = slowLedger();
    const record = createEvidenceBatches(store, 50, MEMORY);
    const [first, second] = [record(DEFAULT_SERVICE, piece()), record(DEFAULT_SERVICE, piece())];
    await expect(first).rejects.toMatchObject({ code: 'ledger-unavailable' });
    await expect(second).rejects.toThrow('no answer within 50 ms');
    // Nobody is told that it came after all, and nothing breaks.
    calls[0]?.end();
    await turn();
    const next = record(DEFAULT_SERVICE, piece());
    await made(calls, 2);
    calls[1]?.end();
    await next;
  });
});
