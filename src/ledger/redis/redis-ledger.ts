import { daysInMonth, type Month, parseMonth } from '../../domain/month.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import type { Ledger } from '../ledger.ts';
import { AdmitBatches, codesOf } from './admit-batches.ts';
import { connectRedis, ledgerUnavailable, type RedisConnectionOptions } from './connect.ts';
import {
  codesInCounters,
  codesInLimits,
  formatBudget,
  namesInBudget,
  readDayTotals,
  readMonthTotals,
} from './counters.ts';
import { recordEvidence } from './evidence.ts';
import { createServiceKeys, settingsKey } from './keys.ts';
import { type NameKey, Names } from './names.ts';
import { readIdentities, readMints, resultsOf } from './pages.ts';
import { RefusalCounts } from './refusal-counts.ts';
import { defineScripts } from './scripts.ts';

export interface RedisLedgerOptions extends RedisConnectionOptions {
  /** First part of every key. */
  keyPrefix: string;
  /** Replicas that must have an admission before it is acknowledged; not on Cluster, where WAIT has no key. */
  waitReplicas: number;
  /** Called when the connection fails or comes back; the ledger itself goes on trying. */
  onConnectionChange?: (state: 'ready' | 'lost', detail: string) => void;
}

/** Tells the admission script that there are links or blocks to look at; most services never have any. */
const EXCEPTIONS = '#exceptions';

/**
 * The ledger on Redis: single, Sentinel or Cluster. Opening does not wait for Redis; until it answers, every
 * method rejects at once.
 */
export function openRedisLedger(options: RedisLedgerOptions): Ledger {
  const client = defineScripts(connectRedis(options));
  const connection = reportChanges(options.onConnectionChange);
  client.on('error', (error: Error) => connection.is('lost', error.message));
  client.on('close', () => connection.is('lost', 'the connection was closed'));
  client.on('ready', () => connection.is('ready', ''));
  client.connect().catch(() => {
    // Reported by the error event; reconnecting goes on in the background.
  });
  const prefix = options.keyPrefix;
  const names = new Names(client, prefix);
  const batches = new AdmitBatches(client, names, options);
  const refusals = new RefusalCounts(client, prefix);
  const keysOf = (service: ServiceName) => createServiceKeys(prefix, service);

  /** Runs one operation; whatever the client throws becomes `ledger-unavailable`. */
  async function guarded<Result>(operation: string, run: () => Promise<Result>): Promise<Result> {
    try {
      return await run();
    } catch (error) {
      throw ledgerUnavailable(operation, error);
    }
  }

  return {
    admit: (request) => batches.admit(request),
    countRefusal: (service, code, at) => refusals.count(service, code, at),
    record: (service, evidence) =>
      guarded('record', () => recordEvidence(client, names, prefix, service, evidence)),

    months: (service) =>
      guarded('months', async () => {
        const months = await client.smembers(keysOf(service).months);
        return months
          .map((text) => parseMonth(text))
          .filter((month): month is Month => month !== null)
          .sort()
          .reverse();
      }),

    totals: (service, month) =>
      guarded('totals', async () => {
        const keys = keysOf(service);
        const pipeline = client.pipeline().hgetall(keys.totals(month)).hgetall(keys.limits);
        const [totals, limits] = resultsOf<Record<string, string>>(await pipeline.exec());
        const wanted = new Set<NameKey>();
        codesInCounters(totals!, wanted);
        codesInLimits(limits!, wanted);
        return readMonthTotals(month, totals!, limits!, await names.lookUp(service, wanted));
      }),

    days: (service, month) =>
      guarded('days', async () => {
        const keys = keysOf(service);
        const pipeline = client.pipeline();
        pipeline.hgetall(keys.totals(month));
        for (let day = 1; day <= daysInMonth(month); day++) {
          pipeline.hgetall(keys.day(month, String(day).padStart(2, '0')));
        }
        const [totals, ...days] = resultsOf<Record<string, string>>(await pipeline.exec());
        const wanted = new Set<NameKey>();
        for (const fields of days) codesInCounters(fields, wanted);
        return readDayTotals(month, totals!, days, await names.lookUp(service, wanted));
      }),

    identities: (service, month, page) =>
      guarded('identities', () => readIdentities({ client, names, prefix, service }, month, page)),
    mints: (service, month, page) =>
      guarded('mints', () => readMints({ client, names, prefix, service }, month, page)),

    configureBudget: (service, month, budget) =>
      guarded('configure', async () => {
        const scopes = namesInBudget(budget);
        if (scopes.length > 0) await names.intern(service, scopes);
        const text = formatBudget(budget, codesOf(names, service));
        await client.hset(keysOf(service).limits, `budget:${month}`, text);
      }),
    freeze: (service, month, since) =>
      guarded('freeze', async () => {
        await client.hset(keysOf(service).limits, `freeze:${month}`, since ?? '');
      }),
    setBlocked: (service, identity, blocked) =>
      guarded('block', async () => {
        const { blocks, names } = keysOf(service);
        const change = client.multi().hset(names, EXCEPTIONS, 1);
        resultsOf(await (blocked ? change.hset(blocks, identity, 1) : change.hdel(blocks, identity)).exec());
      }),
    link: (service, own, effective) =>
      guarded('link', async () => {
        const { links, names } = keysOf(service);
        resultsOf(await client.multi().hset(names, EXCEPTIONS, 1).hset(links, own, effective).exec());
      }),
    checkFingerprint: (fingerprint, replace) =>
      guarded('fingerprint', async () => {
        const answer = await client.fingerprint(
          settingsKey(prefix),
          fingerprint,
          replace ? 'replace' : 'keep',
        );
        return answer as 'first' | 'same' | 'different';
      }),

    ping: () =>
      guarded('ping', async () => {
        const [seconds, microseconds] = await client.time();
        return Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000);
      }),
    close: async () => {
      connection.ends();
      await batches.idle();
      await client.quit().catch(() => client.disconnect());
    },
  };
}

/** Passes on changes only: a long outage is one message, not one for every attempt to reconnect. */
function reportChanges(report: RedisLedgerOptions['onConnectionChange']) {
  let last: 'ready' | 'lost' | null = null;
  let ended = false;
  return {
    is(state: 'ready' | 'lost', detail: string) {
      if (ended || state === last) return;
      last = state;
      report?.(state, detail);
    },
    ends() {
      ended = true;
    },
  };
}
