import { monthOf } from '../months.js';
import { ask } from '../run/ask.js';

/** A token may be used so long before its first instant and after its last. */
const MARGIN_SECONDS = 5;

/**
 * A person asks for a token.
 *
 * @param {import('../run/world.js').World} world
 * @param {{ person: number, intent: string, gateway: number | null }} event
 */
export async function askPersonToken(world, { person, intent, gateway }) {
  await askToken(world, {
    ...{ kind: 'token', who: `p${person}`, intent, place: world.placeOf(person, gateway) },
    identity: world.identityOfPerson(person),
    authorization: `Bearer ${world.people.loginOf(person)}`,
  });
}

/**
 * A guest asks for a token, and becomes one before where there is none.
 *
 * @param {import('../run/world.js').World} world
 * @param {{ guest: number, gateway: number | null }} event
 */
export async function askGuestToken(world, { guest, gateway }) {
  const place = world.placeOf(guest, gateway);
  const holder = await world.guests.obtain(guest, place);
  if (holder === null) return;
  await askToken(world, {
    ...{ kind: 'guest-token', who: holder.who, intent: 'open_chat', place },
    identity: world.identityOfGuest(holder),
    authorization: `Guest ${holder.credential}`,
  });
}

async function askToken(world, { kind, who, intent, place, identity, authorization }) {
  const { history, clock } = world;
  const process = { gateway: place.n, incarnation: place.incarnation };
  const before = {
    counted: identity === null ? [] : history.countedMonths(identity),
    ...history.servedBy(identity ?? '', process),
  };
  const headers = { authorization, 'content-type': 'application/json' };
  const body = JSON.stringify({ intent });
  const answer = await ask(place, clock, { method: 'POST', path: '/v1/tokens', headers, body });
  const { status, gateway, incarnation, sentMs, answeredMs, tookMs } = answer;
  const seen = { who, gateway, incarnation, sentMs, answeredMs, tookMs };
  if (status === 200 && answer.body !== null) {
    const token = readToken(answer.body);
    history.countAnswer(kind, token.outcome);
    history.addToken({ ...token, ...seen }, monthsOf(token));
    world.noteIdentity(who, token);
    return;
  }
  const code = status === 0 ? 'no answer' : (answer.body?.code ?? `status ${status}`);
  history.countAnswer(kind, code);
  history.turned.push({ ...seen, ...before, identity, intent, code, body: answer.body });
}

function readToken({ token, identity, outcome, firstThisMonth }) {
  const { jti, iat, exp } = JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());
  return { token, identity, jti, iat, exp, outcome, first: firstThisMonth };
}

/**
 * Every month in which the holder of a token has to be counted.
 *
 * @param {{ iat: number, exp: number }} token
 */
export function monthsOf({ iat, exp }) {
  const ends = [(iat - MARGIN_SECONDS) * 1000, (exp + MARGIN_SECONDS) * 1000 - 1];
  return [...new Set(ends.map(monthOf))];
}
