import { ask } from '../run/ask.js';

/** Answers after which nothing has changed, whatever was asked. */
const CERTAIN = [200, 400, 401, 403, 429];

/**
 * A person who was a guest goes on under the guest's identity.
 *
 * @param {import('../run/world.js').World} world
 * @param {{ person: number, guest: number, gateway: number | null }} event
 */
export async function linkGuest(world, { person, guest, gateway }) {
  const { history, clock, guests } = world;
  const holder = guests.current(guest);
  if (holder === null) return;
  const place = world.placeOf(person, gateway);
  const link = {
    person,
    guest: holder.who,
    identity: null,
    outcome: 'unknown',
    answeredMs: Number.POSITIVE_INFINITY,
  };
  // Noted before it is sent: what others see meanwhile may be either.
  history.links.push(Object.assign(link, { sentMs: clock.now() }));
  world.suspectLink(person, holder);
  const answer = await ask(place, clock, {
    ...{ method: 'POST', path: '/v1/links' },
    headers: { authorization: `Bearer ${world.people.loginOf(person)}`, 'content-type': 'application/json' },
    body: JSON.stringify({ credential: holder.credential }),
  });
  const outcome = answer.status === 200 ? answer.body.outcome : (answer.body?.code ?? 'no answer');
  history.countAnswer('link', outcome);
  if (!CERTAIN.includes(answer.status)) return;
  Object.assign(link, { outcome, answeredMs: answer.answeredMs, identity: answer.body?.identity ?? null });
  world.settleLink(person, link);
}
