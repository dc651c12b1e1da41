/** Of all kills those that hit the store, where it can be killed. */
const STORE_SHARE = 0.35;
/** Faults of the store that are no kills, a minute. */
const OTHERS_A_MINUTE = 12;
const LONGEST_MS = 2_500;
const SHORTEST_MS = 100;
/** Of the time that falls to a fault: the most that it lasts, so that the next one finds the store back. */
const LASTS_SHARE = 0.6;
const BEGINS_SHARE = 0.3;

/**
 * What is done to gateways and store in a round. Gateways are killed whenever; the store's faults follow one another.
 *
 * @param {import('../random.js').Random} random
 * @param {{ lengthMs: number, gateways: number, kills: number,
 *   store: { canKill: boolean, faults: readonly string[] } }} options
 * @returns {import('./draw-schedule.js').Event[]}
 */
export function drawFaults(random, { lengthMs, gateways, kills, store }) {
  const ofStore = store.canKill ? Math.round(kills * STORE_SHARE) : 0;
  const events = drawStoreFaults(random, { lengthMs, kills: ofStore, faults: store.faults });
  for (let kill = 0; kill < kills - ofStore; kill++) {
    const gateway = random.whole(0, gateways - 1);
    events.push({ atMs: random.whole(0, lengthMs - 1), kind: 'kill-gateway', gateway });
  }
  return events.sort((one, two) => one.atMs - two.atMs);
}

function drawStoreFaults(random, { lengthMs, kills, faults }) {
  const others = faults.length === 0 ? 0 : Math.max(1, Math.round((lengthMs / 60_000) * OTHERS_A_MINUTE));
  const kinds = Array.from({ length: kills }, () => 'kill');
  // In turn from a drawn one on, so that a short run has many kinds; each is put somewhere among those before.
  const first = random.whole(0, faults.length);
  for (let other = 0; other < others; other++) {
    kinds.splice(random.whole(0, kinds.length), 0, faults[(first + other) % faults.length]);
  }
  const slotMs = lengthMs / Math.max(1, kinds.length);
  return kinds.map((fault, place) => {
    const atMs = Math.floor(slotMs * (place + BEGINS_SHARE * random.fraction()));
    const lastsMs = Math.min(random.whole(SHORTEST_MS, LONGEST_MS), Math.floor(slotMs * LASTS_SHARE));
    return { atMs, kind: 'store', fault, lastsMs };
  });
}
