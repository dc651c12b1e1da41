import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { wasteSchema } from '../../../src/contract/figures.ts';
import { type Identity, parseIdentity } from '../../../src/domain/identity.ts';
import { type Month, parseMonth } from '../../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../../src/domain/service-name.ts';
import { SIGNALS, type Signal, signalsOf } from '../../../src/domain/signal.ts';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { openSqliteLedger } from '../../../src/ledger/sqlite/open-sqlite-ledger.ts';
import { readWaste, type WasteReport } from '../../../src/reports/waste/read-waste.ts';
import { countWaste, type WasteKind } from '../../../src/reports/waste/waste-kinds.ts';
import { mintTokens, recordActs } from '../fill-month.ts';
import { RECKONING, shippedPrices, shippedRules } from '../shipped.ts';

const NOVEMBER = parseMonth('2026-11') as Month;

let ledger: Ledger;
beforeEach(() => {
  ledger = openSqliteLedger({ path: ':memory:' });
});
afterEach(() => ledger.close());

async function read(reckoning = RECKONING): Promise<WasteReport> {
  const nowMs = Date.parse('2026-11-20T21:00:00Z');
  const report = await readWaste(ledger, {
    ...{ service: DEFAULT_SERVICE, month: NOVEMBER, nowMs, reckoning, guestClass: 'guest' },
  });
  expect(wasteSchema.strict().parse(report)).toEqual(report);
  return report;
}

function counts({ kinds }: WasteReport): Record<string, number> {
  return Object.fromEntries(kinds.map(({ kind, identities }) => [kind, identities]));
}

const AT = '2026-11-02T10:00:00Z';

describe('waste', () => {
  test('of a month without data is nothing, and names every kind', async () => {
    const report = await read();
    expect(counts(report)).toEqual({
      ...{ 'never-connected': 0, 'connected-idle': 0, 'guest-once': 0 },
      ...{ 'hidden-tab': 0, 'rest-only': 0, duplicate: 0 },
    });
    expect(report.total).toEqual({ identities: 0, cost: { low: 0, high: 0 } });
  });

  test('is told by kind, in identities and dollars', async () => {
    await mintTokens(ledger, [
      { identity: 'm_never', at: AT },
      { identity: 'm_idle', at: AT },
      { identity: 'm_active', at: AT },
      { identity: 'g_once', at: AT, className: 'guest' },
      { identity: 'g_again', at: AT, className: 'guest' },
      { identity: 'g_again', at: '2026-11-05T10:00:00Z', className: 'guest' },
    ]);
    const seen = ['m_idle', 'm_active', 'g_once', 'g_again'];
    await recordActs(ledger, [
      ...seen.map((identity) => ({ identity, signal: 'connected' as const, at: AT })),
      ...['m_active', 'g_once', 'g_again'].map((identity) => ({
        identity,
        signal: 'messaged' as const,
        at: AT,
      })),
      { identity: 'm_written', signal: 'updated', at: AT },
      { identity: 'm_written', signal: 'created', at: AT },
      { identity: 'm_gone', signal: 'left', at: AT },
    ]);
    const { kinds, total, identities } = await read();
    expect(kinds).toEqual([
      { kind: 'never-connected', identities: 1, cost: { low: 0, high: 0.05 } },
      { kind: 'connected-idle', identities: 1, cost: { low: 0.05, high: 0.05 } },
      { kind: 'guest-once', identities: 1, cost: { low: 0.05, high: 0.05 } },
      { kind: 'hidden-tab', identities: 0, cost: { low: 0, high: 0 } },
      { kind: 'rest-only', identities: 2, cost: { low: 0.05, high: 0.1 } },
      { kind: 'duplicate', identities: 0, cost: { low: 0, high: 0 } },
    ]);
    expect(total).toEqual({ identities: 5, cost: { low: 0.15, high: 0.25 } });
    expect(identities).toEqual({ total: 7, new: 7, returning: 0 });
  });

  test('counts people found to have two identities', async () => {
    await mintTokens(ledger, [
      { identity: 'm_ada', at: AT },
      { identity: 'g_ada', at: AT, className: 'guest' },
    ]);
    const adoption = { guest: 'g_ada' as Identity, member: 'm_ada' as Identity, at: Date.parse(AT) };
    expect(await ledger.adopt(DEFAULT_SERVICE, adoption)).toMatchObject({ outcome: 'kept-separate' });
    expect(counts(await read())['duplicate']).toBe(1);
  });

  test('says what was saved', async () => {
    await mintTokens(ledger, [
      { identity: 'm_a', at: AT },
      { identity: 'm_a', at: '2026-11-02T10:01:00Z' },
    ]);
    for (const code of [
      'lazy-connect-required',
      'lazy-connect-required',
      'no-reason-to-connect',
      'identity-blocked',
    ]) {
      await ledger.countRefusal(DEFAULT_SERVICE, code, Date.parse(AT));
    }
    await ledger.adopt(DEFAULT_SERVICE, {
      ...{ guest: parseIdentity('g_1')!, member: parseIdentity('m_new')!, at: Date.parse(AT) },
    });
    expect((await read()).savings).toEqual({
      tokensReused: 1,
      refusedByLazyConnect: { 'lazy-connect-required': 2, 'no-reason-to-connect': 1 },
      guestsAdopted: 1,
      // One user more; by the low reading nobody is active, and neither would they be.
      cost: { low: 0, high: 0.05 },
    });
  });

  test('says when nothing was there to see connections by', async () => {
    await mintTokens(ledger, [{ identity: 'm_a', at: AT }]);
    expect((await read()).notes.join(' ')).toContain('Nobody was seen to connect');
    await recordActs(ledger, [{ identity: 'm_a', signal: 'connected', at: AT }]);
    expect((await read()).notes.join(' ')).not.toContain('Nobody was seen to connect');
  });

  test('costs what the last users cost, by the prices in force', async () => {
    const mints = Array.from({ length: 203 }, (_, index) => ({ identity: `m_${index}`, at: AT }));
    await mintTokens(ledger, mints);
    const report = await read({ ...RECKONING, prices: shippedPrices('twilio-public-2026-09') });
    // Of 203 users only 3 are paid for.
    expect(report.total).toEqual({ identities: 203, cost: { low: 0, high: 0.15 } });
    expect(report.table).toBe('twilio-public-2026-09');
  });

  test('costs nothing by itself where conversations are billed, and says so', async () => {
    await mintTokens(ledger, [{ identity: 'm_a', at: AT }]);
    const report = await read({ ...RECKONING, rules: shippedRules('per-conversation-2026-06') });
    expect(report.total).toEqual({ identities: 1, cost: { low: 0, high: 0 } });
    expect(report.notes.join(' ')).toContain('conversations are billed');
  });
});

describe('whatever happened, each kind', () => {
  const act = fc.record({
    identity: fc.integer({ min: 0, max: 30 }).map((number) => `p_${number}`),
    className: fc.constantFrom('member', 'guest'),
    signal: fc.constantFrom(...SIGNALS),
    day: fc.integer({ min: 1, max: 28 }),
  });

  test('equals a scan of everyone', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 60 }), async (acts) => {
        const own = openSqliteLedger({ path: ':memory:' });
        for (const { identity, className, signal, day } of acts) {
          const at = `2026-11-${String(day).padStart(2, '0')}T10:00:00Z`;
          if (signal === 'minted') await mintTokens(own, [{ identity, className, at }]);
          else await recordActs(own, [{ identity, className, signal, at }]);
        }
        const totals = await own.totals(DEFAULT_SERVICE, NOVEMBER);
        const { items } = await own.identities(DEFAULT_SERVICE, NOVEMBER, { after: null, limit: 100 });
        await own.close();
        const people = items.map(({ mask, className, signals }) => ({
          ...{ className, did: new Set<Signal>(signalsOf(mask)) },
          again:
            new Set(signals.map(({ firstAt }) => Math.floor(firstAt / 86_400))).size > 1 ||
            (mask & 512) !== 0,
        }));
        const idle = (did: Set<Signal>) =>
          !(['messaged', 'joined', 'read', 'left'] as const).some((signal) => did.has(signal));
        const scan: Record<Exclude<WasteKind, 'hidden-tab'>, (one: (typeof people)[number]) => boolean> = {
          'never-connected': ({ did }) => did.has('minted') && !did.has('connected') && idle(did),
          'connected-idle': ({ did }) => did.has('connected') && idle(did),
          'guest-once': ({ className, again }) => className === 'guest' && !again,
          'rest-only': ({ did }) =>
            [...did].every((signal) => ['created', 'updated', 'left'].includes(signal)),
        };
        for (const [kind, test] of Object.entries(scan)) {
          const counted = countWaste(totals, [kind as WasteKind], {
            ...{ guestClass: 'guest', rules: RECKONING.rules },
          });
          expect([kind, counted.identities]).toEqual([kind, people.filter(test).length]);
        }
      }),
      { numRuns: 25 },
    );
  });
});
