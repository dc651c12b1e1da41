import { askGuestToken, askPersonToken } from '../chaos/actions/ask-token.js';
import { sendBeacon } from '../chaos/actions/send-beacon.js';
import { sendWebhook } from '../chaos/actions/send-webhook.js';
import { ask } from '../chaos/run/ask.js';
import { OPS_KEY } from '../chaos/run/gateway-config.js';

/** Of a hundred requests. */
const MIX = { token: 50, guestToken: 8, webhook: 13, beacon: 10, unread: 12, operator: 5, forged: 2 };
/** So many that all of them have come by a third of half an hour: what is remembered of people is full then. */
export const PEOPLE = 4_000;
/** Places for three in four: the others are refused, again and again. */
export const LIMIT = 3_000;
const GUESTS = 200;
const PROVES = ['joined', 'messaged', 'read', 'updated', 'addressed'];
const PATHS = [
  'months/current',
  'months/current/days',
  'budget',
  'alerts',
  'months/current/identities?limit=100',
];

/**
 * One request of the mix, drawn at random. Never rejects for what is answered.
 *
 * @param {import('../chaos/run/world.js').World} world
 * @param {import('../chaos/random.js').Random} random
 */
export async function sendOne(world, random) {
  const person = random.whole(0, PEOPLE - 1);
  const [place] = world.gateways;
  const gateway = null;
  const get = (path, headers) => ask(place, world.clock, { method: 'GET', path, headers });
  const kind = random.weighted(MIX);
  switch (kind) {
    case 'token':
      return askPersonToken(world, { person, gateway, intent: 'open_chat' });
    case 'guestToken':
      return askGuestToken(world, { guest: random.whole(0, GUESTS - 1), gateway });
    case 'webhook': {
      const details = { proves: random.pick(PROVES), address: random.whole(0, 200), lateMs: 0 };
      return sendWebhook(world, { person, gateway, ...details, again: random.chance(0.1) });
    }
    case 'beacon':
      return sendBeacon(world, { person, gateway, state: random.pick(['connected', 'disconnected']) });
    case 'unread':
      return count(
        world,
        kind,
        await get('/v1/me/unread', { authorization: `Bearer ${world.people.loginOf(person)}` }),
      );
    case 'forged': {
      const login = world.people.loginOf(person).replace(/.{8}$/, 'forged00');
      return count(world, kind, await get('/v1/me/unread', { authorization: `Bearer ${login}` }));
    }
    default:
      return count(
        world,
        kind,
        await get(`/v1/${random.pick(PATHS)}`, { authorization: `Bearer ${OPS_KEY}` }),
      );
  }
}

function count({ history }, kind, { status, body }) {
  history.countAnswer(kind, status === 0 ? 'no answer' : (body?.code ?? String(status)));
}
