import { setTimeout as sleep } from 'node:timers/promises';
import { askGuestToken, askPersonToken } from '../actions/ask-token.js';
import { becomeGuest } from '../actions/become-guest.js';
import { linkGuest } from '../actions/link-guest.js';
import { readFigures } from '../actions/read-figures.js';
import { sendBeacon } from '../actions/send-beacon.js';
import { sendWebhook } from '../actions/send-webhook.js';
import { writeAsOperator } from '../actions/write-as-operator.js';
import { awaitStore } from './await-store.js';

const ACTIONS = {
  token: askPersonToken,
  'guest-token': askGuestToken,
  guest: becomeGuest,
  link: linkGuest,
  webhook: sendWebhook,
  beacon: sendBeacon,
  write: writeAsOperator,
  read: readFigures,
};

/** More than that at once would measure this process, not the gateways. */
const UNDER_WAY_MAX = 400;

/**
 * Lets everything of a round happen at its time, and resolves when all of it is over.
 *
 * @param {import('../schedule/draw-schedule.js').Round} round
 * @param {object} parts
 * @param {import('./world.js').World} parts.world
 * @param {import('../stores/stores.js').RunningStore} parts.store
 * @param {(entry: Record<string, any>) => void} parts.log
 */
export async function runRound(round, { world, store, log }) {
  const underWay = new Set();
  const track = (promise) => {
    const tracked = promise.catch((error) => world.fail(error)).finally(() => underWay.delete(tracked));
    underWay.add(tracked);
  };
  const startedAt = performance.now();
  let dropped = 0;
  /** A fault of the store begins when the one before is over; some take longer to be over than was drawn. */
  let storeFaults = Promise.resolve();

  function hurtInTurn(event) {
    storeFaults = storeFaults.then(() => {
      const isLate = performance.now() - startedAt > round.lengthMs;
      return isLate
        ? world.history.notes.push({ what: 'store-left-alone', fault: event.fault })
        : hurtStore(world, store, event);
    });
    return storeFaults;
  }

  async function play(events, act) {
    for (const event of events) {
      const waitMs = startedAt + event.atMs - performance.now();
      if (waitMs > 0) await sleep(waitMs);
      act(event);
    }
  }

  await Promise.all([
    play(round.traffic, (event) => {
      if (underWay.size >= UNDER_WAY_MAX) dropped += 1;
      else track(ACTIONS[event.kind](world, event));
    }),
    play(round.faults, (event) => {
      log({ round: round.index, ...event, at: new Date(world.clock.now()).toISOString() });
      track(event.kind === 'kill-gateway' ? killGateway(world, event) : hurtInTurn(event));
    }),
  ]);
  while (underWay.size > 0) await Promise.all(underWay);
  return { dropped };
}

async function killGateway({ gateways, history }, { gateway }) {
  const killed = await gateways[gateway].kill();
  history.notes.push({ what: killed ? 'gateway-killed' : 'gateway-was-down', gateway });
}

async function hurtStore(world, store, { fault, lastsMs }) {
  const note = { what: 'store', fault, fromMs: world.clock.now(), untilMs: Number.POSITIVE_INFINITY };
  world.history.notes.push(note);
  const end = await store.begin(fault, lastsMs);
  await sleep(lastsMs);
  await end();
  note.untilMs = world.clock.now();
  const endedAt = performance.now();
  await Promise.all(
    world.gateways.map(async (place) => {
      const { incarnation } = place;
      await awaitStore(place, world.clock);
      // A process that came up meanwhile says nothing about how long it takes to notice.
      if (place.incarnation !== incarnation) return;
      world.history.notes.push({ what: 'recovered', fault, afterMs: performance.now() - endedAt });
    }),
  );
}
