import { ask } from '../run/ask.js';
import { OPS_KEY } from '../run/gateway-config.js';

/**
 * An operator looks at something.
 *
 * @param {import('../run/world.js').World} world
 * @param {{ path: string, gateway: number | null }} event
 */
export async function readFigures(world, { path, gateway }) {
  const answer = await ask(world.placeOf(world.turn(), gateway), world.clock, {
    ...{ method: 'GET', path: `/v1/${path}`, headers: { authorization: `Bearer ${OPS_KEY}` } },
  });
  world.history.countAnswer(
    'read',
    answer.status === 0 ? 'no answer' : (answer.body?.code ?? `${answer.status}`),
  );
}
