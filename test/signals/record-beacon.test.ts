import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Month, parseMonth } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { bitOf } from '../../src/domain/signal.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { openSqliteLedger } from '../../src/ledger/sqlite/open-sqlite-ledger.ts';
import { createBeaconMemory } from '../../src/signals/beacon-memory.ts';
import { type Beacon, createRecordBeacon, type RecordBeaconParts } from '../../src/signals/record-beacon.ts';

const FROM = Date.parse('2026-11-30T23:00:00Z') / 1000;
const UNTIL = FROM + 7200;

let ledger: Ledger;

beforeEach(() => {
  ledger = openSqliteLedger({ path: ':memory:' });
});
afterEach(() => ledger.close());

/** A token is the name of the person here; each is good for two hours around the month's turn. */
function recorder(changes: Partial<RecordBeaconParts> = {}) {
  return createRecordBeacon({
    tokens: {
      verify: (token) => ({
        ...{ outcome: 'verified', service: DEFAULT_SERVICE, name: token },
        ...{ issuedAt: FROM, expiresAt: UNTIL },
      }),
    },
    limiter: { take: () => ({ allowed: true, limit: 1, windowSeconds: 60, retryAfterSeconds: 1 }) },
    memory: createBeaconMemory(1000),
    recordEvidence: (service, evidence) => ledger.record(service, evidence),
    classOf: () => 'unknown',
    count: () => {},
    tally: () => {},
    ...changes,
  });
}

const beaconOf = (token: string, state: Beacon['state'], seconds: number): Beacon => ({
  ...{ token, state },
  atMs: (FROM + seconds) * 1000,
  nowMs: UNTIL * 1000,
});

async function readMonths() {
  const page = { after: null, limit: 1000 };
  return Promise.all(
    ['2026-11', '2026-12'].map(async (month) => {
      const { items } = await ledger.identities(DEFAULT_SERVICE, parseMonth(month) as Month, page);
      // Whether somebody was there last month is known only from what had come by then.
      return items.map((each) => ({ ...each, mask: each.mask & ~bitOf('returning') }));
    }),
  );
}

const beacons = fc.uniqueArray(
  fc.record({
    person: fc.constantFrom('m_ada', 'm_grace', 'g_guest'),
    state: fc.constantFrom<Beacon['state']>('connected', 'disconnected', 'failed'),
    seconds: fc.integer({ min: -100, max: 7300 }),
  }),
  // One that is told twice with different times is a repeat: the first to come holds.
  { selector: ({ person, state, seconds }) => `${person} ${state} ${seconds < 3600}`, maxLength: 12 },
);

describe('beacons in any order, each any number of times', () => {
  test('give the same months', async () => {
    await fc.assert(
      fc.asyncProperty(
        beacons.chain((clean) => {
          const tripled = [...clean, ...clean, ...clean];
          const shuffled = fc.shuffledSubarray(tripled, { minLength: tripled.length });
          return fc.record({ clean: fc.constant(clean), shuffled });
        }),
        async ({ clean, shuffled }) => {
          const months = [];
          for (const sent of [clean, shuffled]) {
            await ledger.close();
            ledger = openSqliteLedger({ path: ':memory:' });
            const record = recorder();
            for (const { person, state, seconds } of sent) await record(beaconOf(person, state, seconds));
            months.push(await readMonths());
          }
          expect(months[1]).toEqual(months[0]);
          const telling = clean.filter(({ state }) => state !== 'failed');
          expect(months[0]?.[0]).toHaveLength(peopleOf(telling.filter(({ seconds }) => seconds < 3600)));
          expect(months[0]?.[1]).toHaveLength(peopleOf(telling.filter(({ seconds }) => seconds >= 3600)));
        },
      ),
      { numRuns: 60 },
    );
  });
});

function peopleOf(sent: { person: string }[]): number {
  return new Set(sent.map(({ person }) => person)).size;
}

test('those that are written are counted in the ledger, once: repeats and failures of browsers are not', async () => {
  const tallied: number[] = [];
  const record = recorder({ tally: (_service, at) => void tallied.push(at / 1000 - FROM) });
  for (const [state, seconds] of [
    ['failed', 1],
    ['connected', 2],
    ['connected', 3],
    ['disconnected', 4],
    ['disconnected', 5],
    // In the next month.
    ['connected', 3600],
  ] as const) {
    await record(beaconOf('m_ada', state, seconds));
  }
  expect(tallied).toEqual([2, 4, 3600]);
});

describe('when the evidence can be kept nowhere', () => {
  test('the beacon fails, is counted, and the next one is written', async () => {
    const outcomes: string[] = [];
    const tallied: [service: string, at: number][] = [];
    let away = true;
    const record = recorder({
      recordEvidence: async (service, evidence) => {
        if (away) throw new Error('away');
        await ledger.record(service, evidence);
      },
      count: (state, outcome) => void outcomes.push(`${state} ${outcome}`),
      tally: (service, at) => void tallied.push([service, at]),
    });
    const beacon = beaconOf('m_ada', 'connected', 60);
    await expect(record(beacon)).rejects.toThrow('away');
    expect(tallied).toEqual([]);
    away = false;
    expect(await record(beacon)).toBeNull();
    expect(outcomes).toEqual(['connected unavailable', 'connected recorded']);
    expect(tallied).toEqual([[DEFAULT_SERVICE, (FROM + 60) * 1000]]);
    expect((await readMonths())[0]).toHaveLength(1);
  });
});

describe('a beacon', () => {
  test('of a device whose clock is an hour ahead is of now', async () => {
    const at = (FROM + 600) * 1000;
    await recorder()({ token: 'm_ada', state: 'connected', atMs: at + 3_000_000, nowMs: at });
    const [november] = await readMonths();
    expect(november).toMatchObject([{ identity: 'm_ada', lastSeen: FROM + 600 }]);
  });

  test('of a device whose clock is as far ahead as clocks may be is believed, also across a month', async () => {
    const nowMs = (FROM + 3_590) * 1000;
    await recorder()({ token: 'm_ada', state: 'connected', atMs: nowMs + 20_000, nowMs });
    const [november, december] = await readMonths();
    expect([november, december]).toMatchObject([[], [{ identity: 'm_ada', lastSeen: FROM + 3_610 }]]);
  });

  test('of somebody whom another server named is of whom webhooks tell', async () => {
    await recorder()(beaconOf('auth0|55', 'connected', 60));
    const [november] = await readMonths();
    expect(november).toMatchObject([{ identity: '~auth0~7C55' }]);
  });
});
