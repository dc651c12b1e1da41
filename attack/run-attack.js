import { withCleanup } from '../bench/system/cleanup.js';
import { startGround } from './ground/start-ground.js';
import { createRandom } from './tools/random.js';
import { createTally } from './tools/tally.js';

/** Each is told apart from the others, so that leaving one out does not change what another tries. */
const load = async (family) => (await import(`./families/${family}.js`)).attack;

/**
 * Runs families of attacks one after the other on one ground.
 *
 * @param {object} options
 * @param {string[]} options.families
 * @param {number} options.seed
 * @param {number} options.rounds
 * @param {boolean} options.smoke
 * @param {string} options.folder
 * @param {(words: string) => void} options.say
 * @param {(result: import('./tools/tally.js').Result) => void} options.onResult
 */
export function runAttack({ families, seed, rounds, smoke, folder, say, onResult }) {
  return withCleanup(async (defer) => {
    say('starting Redis, an issuer and two gateways');
    const ground = await startGround({ seed, folder, defer });
    for (const [at, family] of families.entries()) {
      say(`${family} (${at + 1} of ${families.length})`);
      const tally = createTally(family);
      const attack = await load(family);
      const startedAt = performance.now();
      await attack({ ground, tally, random: createRandom(seed + seedOf(family)), rounds, smoke });
      onResult({ ...tally.result(), seconds: (performance.now() - startedAt) / 1000 });
    }
  });
}

/** Families draw from different numbers, whichever of them run. */
function seedOf(family) {
  return [...family].reduce((sum, character) => sum * 31 + character.charCodeAt(0), 0);
}
