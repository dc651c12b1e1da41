import { ask } from './ask.js';

/**
 * A browser without a login.
 *
 * @typedef {object} Guest
 * @property {string} who
 * @property {string} credential
 * @property {string} guestId
 */

/**
 * The browsers of a run, by place. Whoever became a member, or may have, makes room for another one.
 *
 * @param {Pick<import('./world.js').World, 'clock' | 'history'>} world
 */
export function createGuestBook({ clock, history }) {
  /** @type {Map<number, Guest>} */
  const guests = new Map();
  /** @type {Map<number, number>} */
  const generations = new Map();
  /** Of a place at which a guest is being made. */
  const making = new Map();

  /** Asks for a guest with the credential that there is, if any. */
  async function renew(n, place) {
    const old = guests.get(n) ?? null;
    const body = { want: 'credential', ...(old === null ? {} : { credential: old.credential }) };
    const answer = await ask(place, clock, {
      ...{ method: 'POST', path: '/v1/guests', headers: { 'content-type': 'application/json' } },
      body: JSON.stringify(body),
    });
    const code = answer.status === 200 ? (answer.body.created ? 'created' : 'confirmed') : answer.body?.code;
    history.countAnswer('guest', code ?? (answer.status === 0 ? 'no answer' : `status ${answer.status}`));
    if (answer.status !== 200 || guests.get(n) !== (old ?? undefined)) return;
    const { guestId, credential } = answer.body;
    const isSame = old !== null && guestId === old.guestId;
    if (!isSame) generations.set(n, (generations.get(n) ?? 0) + 1);
    guests.set(n, {
      who: `g${n}.${generations.get(n)}`,
      guestId,
      credential: credential ?? old?.credential ?? '',
    });
  }

  return {
    renew,
    current: (n) => guests.get(n) ?? null,
    /** The guest at a place, made now where there is none; null when that failed. */
    async obtain(n, place) {
      if (!guests.has(n)) {
        const already = making.get(n) ?? renew(n, place).finally(() => making.delete(n));
        making.set(n, already);
        await already;
      }
      return guests.get(n) ?? null;
    },
    /** @param {Guest} guest who is no guest any more, or may be none */
    dismiss(guest) {
      for (const [n, there] of guests) if (there === guest) guests.delete(n);
    },
  };
}
