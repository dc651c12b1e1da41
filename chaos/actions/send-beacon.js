import { ask } from '../run/ask.js';
import { noteEvidence } from './note-evidence.js';

/**
 * A browser tells of its connection, by the last token that its person got.
 *
 * @param {import('../run/world.js').World} world
 * @param {{ person: number, state: string, gateway: number | null }} event
 */
export async function sendBeacon(world, { person, state, gateway }) {
  const token = world.lastTokenOf(person);
  if (token === null) return;
  const atMs = Math.min(Math.max(world.clock.now(), token.iat * 1000), token.exp * 1000);
  const sent = noteEvidence(world, { identity: token.identity, signals: ['connected'], atMs });
  const answer = await ask(world.placeOf(person, gateway), world.clock, {
    ...{ method: 'POST', path: '/v1/beacons', headers: { 'content-type': 'text/plain' } },
    body: JSON.stringify({ token: token.token, state, at: new Date(atMs).toISOString() }),
  });
  sent.settle('beacon', answer, 204);
}
