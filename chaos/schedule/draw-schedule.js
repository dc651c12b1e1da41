import { createRandom } from '../random.js';
import { drawFaults } from './draw-faults.js';
import { drawTraffic } from './draw-traffic.js';

/**
 * One thing that happens at a moment of a round.
 *
 * @typedef {{ atMs: number, kind: string } & Record<string, any>} Event
 */

/**
 * A stretch of traffic and faults, after which everything is let come to rest and is looked at.
 *
 * @typedef {object} Round
 * @property {number} index
 * @property {number} lengthMs
 * @property {{ kind: 'stay' } | { kind: 'jump', ms: number } | { kind: 'turn', afterMs: number }} clock before it begins
 * @property {Event[]} traffic in the order of time
 * @property {Event[]} faults in the order of time; each is over before the round is
 */

/**
 * @typedef {object} Schedule
 * @property {number} startMs where the world's clock begins, ms since the epoch
 * @property {number[]} skewsMs by which the gateways' clocks are off
 * @property {number} limit identities of the configured budget
 * @property {Round[]} rounds
 */

const ROUND_SECONDS = 20;
const ROUNDS_MIN = 2;
const SKEW_MS = 800;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Some month with another one behind it that is already over; runs may go on for months from here. */
const START_MS = Date.UTC(2027, 0, 3);

/**
 * Everything that will happen, drawn before anything does. What clients and gateways make of it is not in our hands:
 * processes really run at the same time.
 *
 * @param {Pick<import('../options.js').Options, 'seed' | 'seconds' | 'gateways' | 'kills' | 'rate'>} options
 * @param {{ canKill: boolean, faults: readonly string[] }} store what it can be done to
 * @returns {Schedule}
 */
export function drawSchedule({ seed, seconds, gateways, kills, rate }, store) {
  const random = createRandom(seed);
  const count = Math.max(ROUNDS_MIN, Math.round(seconds / ROUND_SECONDS));
  const lengthMs = Math.floor((seconds * 1000) / count);
  const people = { regulars: 80, all: 600 + 12 * seconds };
  const limit = random.whole(150, 350);
  const skewsMs = Array.from({ length: gateways }, () => random.whole(-SKEW_MS, SKEW_MS));
  const startMs = START_MS + random.whole(0, 20) * DAY_MS + random.whole(0, DAY_MS);
  const rounds = Array.from({ length: count }, (_, index) => ({
    ...{ index, lengthMs, clock: drawClock(random, index, lengthMs) },
    traffic: drawTraffic(random, { lengthMs, rate, people, gateways }),
    faults: drawFaults(random, { lengthMs, gateways, store, kills: shareOf(kills, count, index) }),
  }));
  return { startMs, skewsMs, limit, rounds };
}

/** The second round always turns the month: no run is too short for that. */
function drawClock(random, index, lengthMs) {
  if (index === 0) return { kind: 'stay' };
  const kind = index === 1 ? 'turn' : random.weighted({ stay: 1, minutes: 2, days: 2, turn: 3 });
  switch (kind) {
    case 'turn':
      return { kind, afterMs: Math.floor(lengthMs * (0.2 + 0.6 * random.fraction())) };
    case 'minutes':
      return { kind: 'jump', ms: random.whole(1, 90) * MINUTE_MS };
    case 'days':
      return { kind: 'jump', ms: random.whole(MINUTE_MS, 4 * DAY_MS) };
    default:
      return { kind: 'stay' };
  }
}

/** So many of all as fall to one of the rounds. */
function shareOf(all, rounds, index) {
  return Math.floor((all * (index + 1)) / rounds) - Math.floor((all * index) / rounds);
}
