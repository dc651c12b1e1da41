import { buildAdmission } from '../people/prefill.js';

/**
 * Which mints a run is made of. Shares of a whole; the rest are repeat mints of people whom the month knows.
 *
 * @typedef {object} Mix
 * @property {string} name
 * @property {number} perCall mints that are asked for in one turn of the event loop, and so travel in one call
 * @property {number} reuseEvery one mint in so many asks again for a token that is still fresh; 0 none
 * @property {number} newEvery one mint in so many is somebody's first; 0 none
 * @property {object | null} budget what the service has meanwhile
 */

/** One that nobody here meets: the default classes, thresholds and spike guard, and limits far away. */
const DISTANT_BUDGET = {
  mode: 'block',
  scopes: { all: 900_000_000, 'class:member': 800_000_000 },
  reserve: { agent: 1_000 },
  priorities: { member: 0, guest: 0, agent: 0, test: 0 },
  thresholds: [50, 80, 90, 100],
  spikeGuard: { factor: 10, minimum: 100_000_000, mode: 'warn' },
};

/** Half a period apart, so that no mint is both. */
const NEW_OFFSET = 10;
/** A token's policy mark alternates, so that a repeat mint is never answered with the last token. */
const MARKS = [1, 2];

/**
 * The people of a prefilled month, and under which policy mark each minted last.
 *
 * @typedef {object} Population
 * @property {string} service
 * @property {number} nowMs shortly after everybody's first mint, so that tokens are still fresh
 * @property {{ identity: string, spread: number }[]} people
 * @property {Uint8Array} marks position in MARKS by person
 * @property {number[]} cursors how far each lane is; a lane has every `lanes`-th person for itself
 * @property {() => { identity: string, spread: number }} nextStranger
 */

/** Under which mark a month is prefilled. */
export const PREFILL_MARK = MARKS[0];

/**
 * Makes mints on several ledgers at once, each with one call under way, and checks every outcome.
 *
 * @param {readonly { admit: (request: object) => Promise<{ outcome: string }> }[]} ledgers
 * @param {Population} population
 * @param {Mix} mix
 * @param {number} mints
 * @returns {Promise<{ mints: number, calls: number, seconds: number }>}
 */
export async function runMix(ledgers, population, mix, mints) {
  const callsPerLane = Math.ceil(mints / mix.perCall / ledgers.length);
  const startedAt = performance.now();
  await Promise.all(
    ledgers.map(async (ledger, lane) => {
      for (let call = 0; call < callsPerLane; call++) {
        const first = call * mix.perCall;
        await makeCall(ledger, population, mix, { lane, lanes: ledgers.length, first });
      }
    }),
  );
  const calls = callsPerLane * ledgers.length;
  return { mints: calls * mix.perCall, calls, seconds: (performance.now() - startedAt) / 1000 };
}

async function makeCall(ledger, population, mix, { lane, lanes, first }) {
  const expected = [];
  const decisions = [];
  for (let mint = first; mint < first + mix.perCall; mint++) {
    const { outcome, person, policyMark } = chooseMint(population, mix, mint, lane, lanes);
    expected.push(outcome);
    const { service, nowMs } = population;
    decisions.push(ledger.admit(buildAdmission(person, { service, nowMs, policyMark })));
  }
  for (const [position, { outcome }] of (await Promise.all(decisions)).entries()) {
    if (outcome !== expected[position]) {
      throw new Error(`the ledger answered "${outcome}" where "${expected[position]}" was due`);
    }
  }
}

function chooseMint(population, { reuseEvery, newEvery }, mint, lane, lanes) {
  if (newEvery > 0 && mint % newEvery === NEW_OFFSET % newEvery) {
    return { outcome: 'new', person: population.nextStranger(), policyMark: MARKS[0] };
  }
  const { people, marks, cursors } = population;
  const number = (cursors[lane] * lanes + lane) % people.length;
  cursors[lane] += 1;
  const person = people[number];
  if (reuseEvery > 0 && mint % reuseEvery === 0) {
    return { outcome: 'reuse', person, policyMark: MARKS[marks[number]] };
  }
  marks[number] = 1 - marks[number];
  return { outcome: 'known', person, policyMark: MARKS[marks[number]] };
}

/** The mixes that are compared. */
export const MIXES = {
  ordinary: (perCall) => ({
    name: `90 % known, 5 % reuse, 5 % new; ${perCall} a call`,
    perCall,
    reuseEvery: 20,
    newEvery: 20,
    budget: null,
  }),
  repeat: (perCall) => ({
    name: `100 % known; ${perCall} a call`,
    perCall,
    reuseEvery: 0,
    newEvery: 0,
    budget: null,
  }),
  first: (perCall) => ({
    name: `100 % new; ${perCall} a call`,
    perCall,
    reuseEvery: 0,
    newEvery: 1,
    budget: null,
  }),
};

/**
 * @param {Mix} mix
 * @returns {Mix} the same with a budget for its newcomers
 */
export function underBudget(mix) {
  return { ...mix, name: `${mix.name}; under a budget`, budget: DISTANT_BUDGET };
}
