/**
 * The order of a round: everybody moves up by one place each time, so that nobody is always first, last, or behind
 * the same neighbour's disturbance.
 *
 * @template Competitor
 * @param {readonly Competitor[]} competitors
 * @param {number} round from 0
 */
export function orderOfRound(competitors, round) {
  const shift = round % competitors.length;
  return [...competitors.slice(shift), ...competitors.slice(0, shift)];
}

/**
 * Runs each competitor once a round and gathers what each run measured, by name, in the order of rounds.
 *
 * @template {{ name: string }} Competitor
 * @template Figure
 * @param {readonly Competitor[]} competitors
 * @param {number} rounds
 * @param {(competitor: Competitor, round: number) => Promise<Figure>} run
 * @returns {Promise<Record<string, Figure[]>>}
 */
export async function runRounds(competitors, rounds, run) {
  const figures = Object.fromEntries(competitors.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const competitor of orderOfRound(competitors, round)) {
      figures[competitor.name].push(await run(competitor, round));
    }
  }
  return figures;
}
