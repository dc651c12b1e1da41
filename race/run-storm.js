import { setTimeout as sleep } from 'node:timers/promises';
import { withCleanup } from '../bench/system/cleanup.js';
import { residentBytes } from '../bench/system/process-figures.js';
import { createAsker } from './asker.js';
import { plainBudget } from './budgets.js';
import { judgeAlerts } from './judge.js';
import { personOf, signLogin } from './people.js';
import { readAlerts } from './read-books.js';
import { startGateways } from './run-race.js';
import { GROUNDS } from './stores.js';

/** Enough different people to fill everything that a gateway remembers of them; it forgets the oldest from then on. */
const WARM_UP_REQUESTS = 100_000;
/** Left alone for so long, V8 collects its garbage and gives memory back; before that, much of it is neither used nor free. */
const REST_MS = 12_000;
const GROWTH_BYTES_MAX = 32 * 1024 * 1024;
/** A shorter storm says nothing about memory. */
const MEMORY_FROM_SECONDS = 30;

/**
 * What a storm of refusals showed.
 *
 * @typedef {object} Storm
 * @property {number} seconds
 * @property {number} requests of the storm, without the warm-up
 * @property {number} strangers refused, and nothing else; the rest are faults
 * @property {Record<string, number>} others answers that should not have come, by code
 * @property {import('./read-books.js').Books['alerts']} alerts
 * @property {number | null} memoryBefore resident bytes of the gateway; null where that cannot be read
 * @property {number | null} memoryAfter
 */

/**
 * A full budget, and strangers who ask as fast as the gateway answers, each of them once.
 *
 * @param {{ limit: number, connections: number, seconds: number, folder: string, say: (words: string) => void }} options
 * @returns {Promise<Storm>}
 */
export function runStorm({ limit, connections, seconds, folder, say }) {
  return withCleanup(async (defer) => {
    const ground = { ...GROUNDS.redis, gateways: 1 };
    const [gateway] = await startGateways({ ground, budget: plainBudget(limit), folder, defer });
    const asker = createAsker(gateway.port, connections);
    defer(async () => asker.close());
    let next = 0;

    /** Strangers until the time is over or so many have asked. */
    async function blow(forSeconds, requestsMax) {
      const answers = {};
      const startedAt = performance.now();
      const endsAt = startedAt + forSeconds * 1000;
      const first = next;
      const row = async () => {
        while (performance.now() < endsAt && next - first < requestsMax) {
          const { status, body } = await asker.ask(signLogin(personOf(next++)));
          const answer = status === 200 ? 'served' : (body.code ?? `status ${status}`);
          answers[answer] = (answers[answer] ?? 0) + 1;
        }
      };
      await Promise.all(Array.from({ length: connections }, row));
      return { answers, requests: next - first, seconds: (performance.now() - startedAt) / 1000 };
    }

    const filled = await blow(600, limit);
    if (filled.answers.served !== limit)
      throw new Error(`the budget does not fill: ${JSON.stringify(filled)}`);
    say('storm: the budget is full; warming up');
    await blow(seconds, WARM_UP_REQUESTS);
    const restMs = seconds >= MEMORY_FROM_SECONDS ? REST_MS : 0;
    await sleep(restMs);
    const memoryBefore = residentBytes(gateway.pid);
    say(`storm: ${seconds} s of strangers`);
    const storm = await blow(seconds, Number.POSITIVE_INFINITY);
    await sleep(restMs);
    const memoryAfter = residentBytes(gateway.pid);
    const { 'mau-budget-exhausted': strangers = 0, ...others } = storm.answers;
    const alerts = await readAlerts(gateway.port);
    return {
      seconds: storm.seconds,
      requests: storm.requests,
      strangers,
      others,
      alerts,
      memoryBefore,
      memoryAfter,
    };
  });
}

/**
 * Everything in which a storm broke the rules; empty when it held.
 *
 * @param {Storm} storm
 * @returns {string[]}
 */
export function judgeStorm({ seconds, others, alerts, memoryBefore, memoryAfter }) {
  const violations = Object.entries(others).map(([answer, times]) => `answered "${answer}" ${times} times`);
  const growth = growthOf({ memoryBefore, memoryAfter });
  if (seconds >= MEMORY_FROM_SECONDS && growth !== null && growth >= GROWTH_BYTES_MAX) {
    violations.push(`the gateway grew by ${Math.round(growth / 2 ** 20)} MiB, not by less than 32`);
  }
  return [...violations, ...judgeAlerts(alerts)];
}

/** Bytes; null where memory cannot be read. */
export function growthOf({ memoryBefore, memoryAfter }) {
  return memoryBefore === null || memoryAfter === null ? null : memoryAfter - memoryBefore;
}
