import { monthOf } from '../../dist/domain/month.js';
import { EVIDENCE_SOURCES, SIGNALS } from '../../dist/domain/signal.js';
import { serviceNameOf } from '../http/gateway-config.js';
import { openLedger } from '../ledger/open-ledger.js';
import { fillerPeople } from '../people/filler-people.js';
import { spreadOf } from '../statistics.js';
import { say } from '../system/progress.js';
import { startRedis } from '../system/redis-server.js';
import { createRandom } from './event-mix.js';

const SERVICE = serviceNameOf(0);
const CLASSES = ['member', 'guest', 'address'];
const PEOPLE_A_CALL = 1_000;
const PAGE = 1_000;
const READS = 50;
const RULES = 40;
const MASKS = 1 << SIGNALS.length;

/**
 * Fills a month with people of random signals, counts it by every class, by every signal and by random rules from the
 * month's totals, and holds that against a scan of everybody.
 */
export async function measureRandomMonth({ sizes, placement, folder, defer }) {
  const redis = await startRedis({ folder, durable: false, core: placement.others });
  defer(redis.stop);
  const ledger = await openLedger(redis.url);
  defer(() => ledger.close());
  const month = monthOf(Date.now());
  const startsAt = Date.parse(`${month}-01T00:00:00Z`);
  say(`a month of ${sizes.identities} people with random signals`);
  const filling = await fill({ ledger, redis, people: sizes.identities, startsAt });

  const random = createRandom(7);
  const rules = Array.from({ length: RULES }, () => Math.floor(random() * (MASKS - 1)) + 1);
  const wanted = [...rules, ...SIGNALS.map((_, bit) => 1 << bit)];
  const summaryMs = [];
  let counts;
  for (let n = 0; n < READS; n++) {
    const startedAt = performance.now();
    const { all, byClass, masks } = await ledger.totals(SERVICE, month);
    counts = { all, byClass: sortFields(byClass), byRule: countByRules(wanted, masks) };
    summaryMs.push(performance.now() - startedAt);
  }
  const startedAt = performance.now();
  const scanned = await scan({ ledger, month, wanted });
  const scanSeconds = (performance.now() - startedAt) / 1000;
  const isEqual = JSON.stringify(counts) === JSON.stringify(scanned);
  if (!isEqual)
    throw new Error(`a scan found ${JSON.stringify(scanned)}, the totals ${JSON.stringify(counts)}`);
  return {
    identities: counts.all,
    rules: wanted.length,
    summaryMs: spreadOf(summaryMs),
    scanSeconds,
    filling,
  };
}

async function fill({ ledger, redis, people, startsAt }) {
  const random = createRandom(3);
  const pick = (list) => list[Math.floor(random() * list.length)];
  const cpuBefore = await redis.cpuMicroseconds();
  const startedAt = performance.now();
  let pieces = [];
  let count = 0;
  for (const { identity } of fillerPeople(0, people)) {
    const className = pick(CLASSES);
    for (let more = 1 + Math.floor(random() * 4); more > 0; more--) {
      // The first hour of the month: over already, or nearly, whenever this runs.
      const at = startsAt + Math.floor(random() * 3_600_000);
      pieces.push({ identity, className, signal: pick(SIGNALS), source: pick(EVIDENCE_SOURCES), at });
    }
    if (pieces.length < PEOPLE_A_CALL) continue;
    await ledger.record(SERVICE, pieces);
    count += pieces.length;
    pieces = [];
  }
  await ledger.record(SERVICE, pieces);
  count += pieces.length;
  return {
    perSecond: (count / (performance.now() - startedAt)) * 1000,
    redisMicroseconds: ((await redis.cpuMicroseconds()) - cpuBefore) / count,
  };
}

/** By how many identities a rule, any of the signals of a mask, counts. */
function countByRules(rules, masks) {
  return rules.map((rule) =>
    masks.reduce((sum, { mask, identities }) => sum + ((mask & rule) === 0 ? 0 : identities), 0),
  );
}

async function scan({ ledger, month, wanted }) {
  const masks = new Map();
  const byClass = {};
  let all = 0;
  let after = null;
  do {
    const page = await ledger.identities(SERVICE, month, { after, limit: PAGE });
    for (const { className, mask } of page.items) {
      all += 1;
      byClass[className] = (byClass[className] ?? 0) + 1;
      masks.set(mask, (masks.get(mask) ?? 0) + 1);
    }
    after = page.next;
  } while (after !== null);
  const rows = [...masks].map(([mask, identities]) => ({ mask, identities }));
  return { all, byClass: sortFields(byClass), byRule: countByRules(wanted, rows) };
}

function sortFields(fields) {
  return Object.fromEntries(Object.entries(fields).sort(([one], [two]) => (one < two ? -1 : 1)));
}
