import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

const { drawSchedule } = await import(new URL('../../chaos/schedule/draw-schedule.js', import.meta.url).href);

interface Event {
  atMs: number;
  kind: string;
  fault?: string;
  lastsMs?: number;
}
interface Round {
  lengthMs: number;
  clock: { kind: string };
  traffic: Event[];
  faults: Event[];
}

const STORE = { canKill: true, faults: ['pause', 'reset'] };
const options = (seed: number) => ({ seed, seconds: 40, gateways: 3, kills: 17, rate: 20 });
const draw = (seed: number, store = STORE): Round[] => drawSchedule(options(seed), store).rounds;
const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });

describe('a schedule', () => {
  test('follows from its seed alone', () => {
    fc.assert(
      fc.property(seeds, (seed) => expect(draw(seed)).toEqual(draw(seed))),
      { numRuns: 10 },
    );
    expect(draw(1)).not.toEqual(draw(2));
  });

  test('has as many kills as were asked for, of gateways and store', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const faults = draw(seed).flatMap((round) => round.faults);
        const ofGateways = faults.filter(({ kind }) => kind === 'kill-gateway').length;
        const ofStore = faults.filter(({ fault }) => fault === 'kill').length;
        expect(ofGateways + ofStore).toBe(17);
        expect(ofGateways).toBeGreaterThan(0);
        expect(ofStore).toBeGreaterThan(0);
      }),
    );
  });

  test('is in order, and every fault of the store is over before the next and before the round', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        for (const { traffic, faults, lengthMs } of draw(seed)) {
          for (const events of [traffic, faults]) {
            const instants = events.map(({ atMs }) => atMs);
            expect(instants).toEqual(instants.toSorted((one, two) => one - two));
            expect(instants.every((atMs) => atMs >= 0 && atMs < lengthMs)).toBe(true);
          }
          const ofStore = faults.filter(({ kind }) => kind === 'store');
          const ends = ofStore.map(({ atMs, lastsMs = 0 }) => atMs + lastsMs);
          const next = [...ofStore.slice(1).map(({ atMs }) => atMs), lengthMs];
          expect(ends.every((end, place) => end <= next[place]!)).toBe(true);
        }
      }),
    );
  });

  test('turns a month in its second round', () => {
    fc.assert(
      fc.property(seeds, (seed) => expect(draw(seed)[1]!.clock.kind).toBe('turn')),
      { numRuns: 10 },
    );
  });

  test('does nothing to a store to which nothing can be done', () => {
    const faults = draw(3, { canKill: false, faults: [] }).flatMap((round) => round.faults);
    expect(new Set(faults.map(({ kind }) => kind))).toEqual(new Set(['kill-gateway']));
    expect(faults).toHaveLength(17);
  });
});
