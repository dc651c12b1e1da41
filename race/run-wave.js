import { personOf, signLogin } from './people.js';

/** Every so many requests is one of somebody who is counted already, while the others still race. */
const RETURN_EVERY = 10;

/**
 * Everybody asks once, as fast as the gateways answer, and those who are counted come back in between.
 *
 * @param {object} options
 * @param {readonly import('./asker.js').Asker[]} options.askers one for each gateway
 * @param {number} options.connections over all gateways
 * @param {number} options.people
 * @param {ReturnType<typeof import('./tally.js').createTally>} options.tally
 * @param {(asked: number) => void} options.onProgress
 * @returns {Promise<{ requests: number, seconds: number }>}
 */
export async function runWave({ askers, connections, people, tally, onProgress }) {
  let next = 0;
  let requests = 0;

  /** One connection: the next request when the last is answered. */
  async function row(place) {
    const { ask } = askers[place % askers.length];
    while (next < people) {
      requests += 1;
      const n = requests % RETURN_EVERY === 0 ? drawCounted(tally) : next++;
      const wasCounted = tally.isCounted(n);
      tally.add(n, await ask(signLogin(personOf(n))), wasCounted);
      if (requests % 1_000 === 0) onProgress(next);
    }
  }

  const startedAt = performance.now();
  await Promise.all(Array.from({ length: connections }, (_, place) => row(place)));
  return { requests, seconds: (performance.now() - startedAt) / 1000 };

  function drawCounted({ counted }) {
    if (counted.length === 0) return next++;
    return counted[Math.floor(Math.random() * counted.length)];
  }
}

/** People of each kind who ask again when all is over. */
const SAMPLE = 200;

/**
 * After the wave some of the counted and some of the others ask again, every gateway.
 *
 * @param {object} options
 * @param {readonly import('./asker.js').Asker[]} options.askers
 * @param {number} options.people
 * @param {ReturnType<typeof import('./tally.js').createTally>} options.tally
 * @returns {Promise<{ counted: number, countedServed: number, others: number, othersRefused: number }>} requests
 */
export async function askAgain({ askers, people, tally }) {
  const counted = sample(tally.counted, SAMPLE);
  const refused = Array.from({ length: people }, (_, n) => n).filter((n) => !tally.isCounted(n));
  const others = sample(refused, SAMPLE);
  const askAll = (numbers, wasCounted) =>
    Promise.all(
      numbers.flatMap((n) =>
        askers.map(async ({ ask }) => {
          const answer = await ask(signLogin(personOf(n)));
          tally.add(n, answer, wasCounted);
          return answer;
        }),
      ),
    );
  const [known, turnedAway] = [await askAll(counted, true), await askAll(others, false)];
  return {
    counted: known.length,
    countedServed: known.filter(({ status }) => status === 200).length,
    others: turnedAway.length,
    othersRefused: turnedAway.filter(({ body }) => body.code === 'mau-budget-exhausted').length,
  };
}

/** Evenly spread, so that the first and the last are among them. */
function sample(numbers, size) {
  if (numbers.length <= size) return [...numbers];
  return Array.from(
    { length: size },
    (_, at) => numbers[Math.floor((at * (numbers.length - 1)) / (size - 1))],
  );
}
