import type { ServiceName } from '../../domain/service-name.ts';
import type { Ledger } from '../ledger.ts';
import { AdmitBatches } from './admission/admit-batches.ts';
import { joinMonth } from './admission/join.ts';
import { previewAdmission } from './admission/preview.ts';
import { readStanding } from './admission/standing.ts';
import { TickCounts } from './admission/tick-counts.ts';
import { readAlerts, settleTakenDelivery, takeDueDeliveries } from './alerts/alert-book.ts';
import { writeForecastAlert } from './alerts/forecast-alert.ts';
import { acknowledgeWrites } from './connection/acknowledge-writes.ts';
import { CircuitBreakers, type CircuitBreakersOptions } from './connection/circuit-breakers.ts';
import { connectRedis, type RedisConnectionOptions } from './connection/connect.ts';
import { toLedgerError } from './connection/to-ledger-error.ts';
import { readUnread } from './evidence/conversations.ts';
import { createEvidenceWriter } from './evidence/evidence.ts';
import { createServiceKeys, settingsKey } from './keys.ts';
import { openWatch, type WatchOptions } from './lost-data/open-watch.ts';
import { RecentEvidence } from './lost-data/recent-evidence.ts';
import { readStoreClock } from './lost-data/store-clock.ts';
import { keepDocument, readDocuments, readLastingDocument } from './months/month-papers.ts';
import { readIdentities } from './months/read-identities.ts';
import { readMints } from './months/read-mints.ts';
import { readDays, readMonth, readMonthLimits } from './months/read-totals.ts';
import { Names } from './names/names.ts';
import type { PageSource } from './pages.ts';
import { replayMints } from './replay/replay.ts';
import { createRedisRetention } from './retention/retention.ts';
import { defineScripts } from './scripts.ts';
import { adoptGuest } from './steering/adopt-guest.ts';
import { readIdentityFile, readLinks, readMerges, readMonths } from './steering/bonds.ts';
import { readErasedAsPseudonyms } from './steering/erased.ts';
import { findPeople } from './steering/find-people.ts';
import { makeChange, readAudit, recallAnswer } from './steering/steering.ts';

export interface RedisLedgerOptions extends RedisConnectionOptions, WatchOptions {
  /** First part of every key. */
  keyPrefix: string;
  /** Replicas that must have an admission, evidence or an operator's change before it is acknowledged. */
  waitReplicas: number;
  /** Called when the connection fails or comes back; the ledger itself goes on trying. */
  onConnectionChange?: (state: 'ready' | 'lost', detail: string) => void;
  /** Called when mints of a service are held back, because Redis does not answer them, and when they are not any more. */
  onCircuitChange?: CircuitBreakersOptions['onChange'];
}

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
  const of = (service: ServiceName): PageSource => ({ client, writes, names, prefix, service });
  const writes = acknowledgeWrites(client, options);
  const writeEvidence = createEvidenceWriter();
  const recent = new RecentEvidence();
  const watch = openWatch(client, of, { recent, writeEvidence }, options);
  const names = new Names(client, prefix, watch.enter);
  const circuits = new CircuitBreakers({
    probe: (service) => client.hget(createServiceKeys(prefix, service).names, '#epoch'),
    onFailure: watch.failed,
    onChange: options.onCircuitChange,
  });
  const batches = new AdmitBatches(writes, names, watch.admissions, circuits, prefix);
  const counts = new TickCounts(client, prefix);

  /** Runs one operation; whatever the client throws becomes `ledger-unavailable`. */
  async function guarded<Result>(operation: string, run: () => Promise<Result>): Promise<Result> {
    try {
      return await run();
    } catch (error) {
      throw toLedgerError(operation, error);
    }
  }

  return {
    admit: (request) => batches.admit(request),
    join: (service, request) =>
      guarded('join', async () => {
        const answer = await joinMonth(of(service), watch.admissions, request);
        // Of somebody known only what the clock of this process says would be told: evidence knows better.
        if (answer === 'counted') {
          recent.note(service, [{ ...request, source: 'webhook' }], [], performance.now());
        }
        return answer;
      }),
    standing: (request) => guarded('standing', () => readStanding(of(request.service), request)),
    preview: (request) => guarded('preview', () => previewAdmission(of(request.service), request)),
    countRefusal: (service, code, at) => counts.count(service, `refused:${code}`, at),
    withdrawRefusal: (service, code, at) => counts.count(service, `refused:${code}`, at, -1),
    countShadow: (service, rule, at) => counts.count(service, `shadow:${rule}`, at),
    countBeacons: (service, beacons, at) => counts.count(service, 'beacons', at, beacons),
    record: (service, evidence, marks = []) =>
      guarded('record', async () => {
        await writeEvidence(of(service), evidence, marks);
        recent.note(service, evidence, marks, performance.now());
      }),

    replay: (service, mints) => guarded('replay', () => replayMints(of(service), mints)),
    unread: (service, identity) => guarded('unread', () => readUnread(of(service), identity)),

    months: (service) => guarded('months', () => readMonths(of(service))),
    totals: (service, month) => guarded('totals', () => readMonth(of(service), month)),
    days: (service, month) => guarded('days', () => readDays(of(service), month)),
    identities: (service, month, page) =>
      guarded('identities', () => readIdentities(of(service), month, page)),
    mints: (service, month, page) =>
      guarded('mints', async () =>
        readErasedAsPseudonyms(of(service), month, await readMints(of(service), month, page)),
      ),

    configureBudget: (service, month, budget) =>
      guarded('configure', () => watch.configure(service, month, budget)),
    limits: (service, month) => guarded('limits', () => readMonthLimits(of(service), month)),
    change: (service, change, terms) =>
      guarded('change', () => watch.changing(service, () => makeChange(of(service), change, terms))),
    recall: (service, key, now) => guarded('recall', () => recallAnswer(of(service), key, now)),
    audit: (service, page) => guarded('audit', () => readAudit(of(service), page)),

    adopt: (service, adoption) => guarded('adopt', () => adoptGuest(of(service), watch.admissions, adoption)),
    merges: (service) => guarded('merges', () => readMerges(of(service))),
    identityFile: (service, identity) => guarded('identity', () => readIdentityFile(of(service), identity)),
    linksOf: (service, own) => guarded('links', () => readLinks(of(service), own)),
    findPeople: (service, own, month) => guarded('people', () => findPeople(of(service), own, month)),

    alerts: (service, page) => guarded('alerts', () => readAlerts(of(service), page)),
    foretell: (service, crossing) => guarded('foretell', () => writeForecastAlert(of(service), crossing)),
    takeDeliveries: (service, take) => guarded('take', () => takeDueDeliveries(of(service), take)),
    settleDelivery: (service, alertId, target, result) =>
      guarded('settle', () => settleTakenDelivery(of(service), alertId, target, result)),

    documents: (service, month, beginning) =>
      guarded('documents', () => readDocuments(of(service), month, beginning)),
    lastingDocument: (service, month, name) =>
      guarded('documents', () => readLastingDocument(of(service), month, name)),
    keepDocument: (service, month, document, expected) =>
      guarded('keep', () => keepDocument(of(service), month, document, expected)),

    retention: createRedisRetention(of, guarded),

    checkFingerprint: (fingerprint, replace) =>
      guarded('fingerprint', async () => {
        const answer = await client.fingerprint(
          settingsKey(prefix),
          fingerprint,
          replace ? 'replace' : 'keep',
        );
        return answer as 'first' | 'same' | 'different';
      }),

    ping: (service) => guarded('ping', () => readStoreClock(of(service))),
    close: async () => {
      connection.ends();
      circuits.stop();
      watch.close();
      await batches.idle();
      const left = watch.leave();
      await client.quit().catch(() => client.disconnect());
      await left;
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
