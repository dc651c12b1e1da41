import { monthOf } from '../../dist/domain/month.js';
import { createServiceKeys } from '../../dist/ledger/redis/keys.js';
import { fillerPeople } from '../people/filler-people.js';
import { prefillInstant, prefillMonth } from '../people/prefill.js';
import { PREFILL_MARK } from './mint-mix.js';
import { KEY_PREFIX } from './open-ledger.js';

const SOON_MS = 60_000;

/**
 * The people of a month to be, the same for every ledger that is compared.
 *
 * @param {number} count
 */
export function gatherPeople(count) {
  return [...fillerPeople(0, count)];
}

/**
 * Fills a month through the ledger itself, and answers its population and what filling took.
 *
 * @param {{ admit: (request: object) => Promise<{ outcome: string }> }} ledger
 * @param {{ people: { identity: string, spread: number }[], service: string, lanes: number }} options
 */
export async function fillMonth(ledger, { people, service, lanes }) {
  const nowMs = prefillInstant(Date.now());
  const startedAt = performance.now();
  await prefillMonth(ledger, people, { service, nowMs, policyMark: PREFILL_MARK });
  const seconds = (performance.now() - startedAt) / 1000;
  let strangers = people.length;
  /** @type {import('./mint-mix.js').Population} */
  const population = {
    ...{ service, people, nowMs: nowMs + SOON_MS },
    marks: new Uint8Array(people.length),
    cursors: Array.from({ length: lanes }, () => 0),
    nextStranger: () => {
      strangers += 1;
      return fillerPeople(strangers, 1).next().value;
    },
  };
  const keys = createServiceKeys(KEY_PREFIX, service);
  return { population, seconds, month: monthOf(nowMs), keys };
}
