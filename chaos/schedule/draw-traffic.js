import { drawWrite } from './draw-write.js';

/** Of a hundred requests. */
const MIX = {
  token: 48,
  'guest-token': 11,
  guest: 3,
  link: 2,
  webhook: 17,
  beacon: 12,
  write: 4,
  read: 3,
};

/** Tokens asked for by somebody who comes often. */
const REGULAR_SHARE = 0.4;
/** Everybody keeps to one gateway, as with a load balancer that sends them there, but for these. */
const ROAMING_SHARE = 0.05;
const GUESTS = 150;

/** Events of Twilio and what each proves. */
const WEBHOOKS = ['joined', 'messaged', 'read', 'left', 'created', 'updated', 'addressed'];

/**
 * What people, Twilio and operators do in a round.
 *
 * @param {import('../random.js').Random} random
 * @param {{ lengthMs: number, rate: number, gateways: number,
 *   people: { regulars: number, all: number } }} options
 * @returns {import('./draw-schedule.js').Event[]}
 */
export function drawTraffic(random, { lengthMs, rate, people, gateways }) {
  const events = [];
  const count = Math.floor((rate * lengthMs) / 1000);
  for (let drawn = 0; drawn < count; drawn++) {
    const atMs = random.whole(0, lengthMs - 1);
    const kind = random.weighted(MIX);
    const roams = random.chance(ROAMING_SHARE) ? random.whole(0, gateways - 1) : null;
    if (kind === 'write') events.push(...drawWrite(random, { atMs, lengthMs, people }));
    else events.push({ atMs, kind, gateway: roams, ...drawDetails(random, kind, people) });
  }
  return events.sort((one, two) => one.atMs - two.atMs);
}

function drawDetails(random, kind, people) {
  const person = drawPerson(random, people);
  const guest = random.whole(0, GUESTS - 1);
  switch (kind) {
    case 'token':
      return { person, intent: random.weighted({ open_chat: 9, refresh: 1 }) };
    case 'guest-token':
    case 'guest':
      return { guest };
    case 'link':
      return { person, guest };
    case 'beacon':
      return { person, state: random.weighted({ connected: 5, disconnected: 2 }) };
    case 'webhook':
      return {
        ...{ person, proves: random.pick(WEBHOOKS), address: random.whole(0, 400) },
        // Twilio may be late, by minutes or by a month, and may send an event again.
        ...{ lateMs: random.weighted({ now: 8, late: 2 }) === 'now' ? 0 : random.whole(0, 40 * 86_400_000) },
        again: random.chance(0.1),
      };
    default:
      return { path: random.pick(['months/current', 'budget', 'months', 'alerts', 'months/current/days']) };
  }
}

function drawPerson(random, { regulars, all }) {
  return random.chance(REGULAR_SHARE) ? random.whole(0, regulars - 1) : random.whole(0, all - 1);
}
