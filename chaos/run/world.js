import { createGuestBook } from './guest-book.js';
import { createHistory } from './history.js';

/**
 * Everything that clients of a run share: who they are, whom they ask, and what they remember.
 *
 * @typedef {ReturnType<typeof createWorld>} World
 */

/**
 * @param {object} parts
 * @param {import('./world-clock.js').WorldClock} parts.clock
 * @param {import('./gateways.js').GatewayPlace[]} parts.gateways
 * @param {ReturnType<typeof import('../people.js').createPeople>} parts.people
 */
export function createWorld({ clock, gateways, people }) {
  const history = createHistory();
  const guests = createGuestBook({ clock, history });
  /** Identity that a person goes on under, by a link. @type {Map<number, string>} */
  const linked = new Map();
  /** People of whom a link may have been written or not. @type {Map<number, number>} */
  const unsure = new Map();
  /** By who they are. @type {Map<string, import('./history.js').Token>} */
  const lastTokens = new Map();
  /** Identities of guests, once they have been seen. @type {Map<string, string>} */
  const guestIdentities = new Map();
  /** Guests who are members now, or may be. @type {Set<string>} */
  const ended = new Set();
  let turns = 0;

  return {
    ...{ clock, gateways, people, history, guests, ended },
    /** Defects of the run itself. @type {Error[]} */
    failures: [],
    /** The last of the operators' writes; the next one waits for it. @type {Promise<unknown>} */
    operators: Promise.resolve(),
    fail(error) {
      this.failures.push(error);
    },
    turn: () => turns++,
    /** The gateway that somebody keeps to, or the one that they stray to. */
    placeOf: (n, gateway) => gateways[(gateway ?? n) % gateways.length],
    /** Null while it is not certain. */
    identityOfPerson: (n) =>
      (unsure.get(n) ?? 0) > 0 ? null : (linked.get(n) ?? people.personOf(n).identity),
    /** Null while nobody has seen it, or when the guest may be none any more. */
    identityOfGuest: ({ who }) => (ended.has(who) ? null : (guestIdentities.get(who) ?? null)),
    lastTokenOf: (n) => lastTokens.get(`p${n}`) ?? null,
    noteIdentity(who, token) {
      lastTokens.set(who, token);
      if (who.startsWith('g')) guestIdentities.set(who, token.identity);
    },
    suspectLink(n, guest) {
      unsure.set(n, (unsure.get(n) ?? 0) + 1);
      ended.add(guest.who);
      guests.dismiss(guest);
    },
    settleLink(n, { outcome, identity }) {
      unsure.set(n, (unsure.get(n) ?? 1) - 1);
      if (outcome === 'adopted' || outcome === 'already-linked') linked.set(n, identity);
    },
  };
}
