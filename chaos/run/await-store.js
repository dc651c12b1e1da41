import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from './ask.js';
import { OPS_KEY } from './gateway-config.js';

const PATIENCE_MS = 60_000;
const EVERY_MS = 25;

/**
 * Waits until a gateway is there and its store answers through it.
 *
 * @param {import('./gateways.js').GatewayPlace} place
 * @param {import('./world-clock.js').WorldClock} clock
 */
export async function awaitStore(place, clock) {
  const giveUpAt = performance.now() + PATIENCE_MS;
  const request = { method: 'GET', path: '/v1/freeze', headers: { authorization: `Bearer ${OPS_KEY}` } };
  for (;;) {
    const { status } = await ask(place, clock, request);
    if (status === 200) return;
    if (performance.now() > giveUpAt)
      throw new Error(`gateway ${place.n} does not find its store again: ${status}`);
    await sleep(EVERY_MS);
  }
}
