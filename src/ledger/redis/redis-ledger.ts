import type { ServiceName } from '../../domain/service-name.ts';
import type { Ledger } from '../ledger.ts';
import { AdmitBatches } from './admit-batches.ts';
import { readAlerts, settleTakenDelivery, takeDueDeliveries } from './alert-book.ts';
import { adoptGuest, readIdentityFile, readLinks, readMerges, readMonths } from './bonds.ts';
import { configureBudget } from './configure-budget.ts';
import { connectRedis, ledgerUnavailable, type RedisConnectionOptions } from './connect.ts';
import { markConversations, readUnread } from './conversations.ts';
import { DecisionCounts } from './decision-counts.ts';
import { readErasedAsPseudonyms } from './erased.ts';
import { recordEvidence } from './evidence.ts';
import { writeForecastAlert } from './forecast-alert.ts';
import { joinMonth } from './join.ts';
import { settingsKey } from './keys.ts';
import { keepDocument, readDocuments } from './month-papers.ts';
import { Names } from './names.ts';
import type { PageSource } from './pages.ts';
import { previewAdmission } from './preview.ts';
import { readIdentities } from './read-identities.ts';
import { readMints } from './read-mints.ts';
import { readDays, readMonth, readMonthLimits } from './read-totals.ts';
import { defineScripts } from './scripts.ts';
import { makeChange, readAudit, recallAnswer } from './steering.ts';

export interface RedisLedgerOptions extends RedisConnectionOptions {
  /** First part of every key. */
  keyPrefix: string;
  /** Replicas that must have an admission before it is acknowledged; not on Cluster, where WAIT has no key. */
  waitReplicas: number;
  /** Called when the connection fails or comes back; the ledger itself goes on trying. */
  onConnectionChange?: (state: 'ready' | 'lost', detail: string) => void;
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
  const configured = new Map<ServiceName, Parameters<Ledger['configureBudget']>>();
  // A ledger that lost its data has lost its limits, too, and would let everybody in until the next start.
  const onNewLedger = async (service: ServiceName) => {
    const told = configured.get(service);
    if (told) await configureBudget(of(service), told[1], told[2]);
  };
  const names = new Names(client, prefix, onNewLedger);
  const of = (service: ServiceName): PageSource => ({ client, names, prefix, service });
  const batches = new AdmitBatches(client, names, options);
  const decisions = new DecisionCounts(client, prefix);

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
    join: (service, request) => guarded('join', () => joinMonth(of(service), request)),
    preview: (request) => guarded('preview', () => previewAdmission(of(request.service), request)),
    countRefusal: (service, code, at) => decisions.count(service, `refused:${code}`, at),
    countShadow: (service, rule, at) => decisions.count(service, `shadow:${rule}`, at),
    record: (service, evidence) => guarded('record', () => recordEvidence(of(service), evidence)),

    mark: (service, marks) => guarded('mark', () => markConversations(of(service), marks)),
    unread: (service, identity) => guarded('unread', () => readUnread(of(service), identity)),

    months: (service) => guarded('months', () => readMonths(of(service))),
    totals: (service, month) => guarded('totals', () => readMonth(of(service), month)),
    days: (service, month) => guarded('days', () => readDays(of(service), month)),
    identities: (service, month, page) =>
      guarded('identities', () => readIdentities(of(service), month, page)),
    mints: (service, month, page) =>
      guarded('mints', async () =>
        readErasedAsPseudonyms(of(service), await readMints(of(service), month, page)),
      ),

    configureBudget: (service, month, budget) => {
      configured.set(service, [service, month, budget]);
      return guarded('configure', () => configureBudget(of(service), month, budget));
    },
    limits: (service, month) => guarded('limits', () => readMonthLimits(of(service), month)),
    change: (service, change, terms) => guarded('change', () => makeChange(of(service), change, terms)),
    recall: (service, key, now) => guarded('recall', () => recallAnswer(of(service), key, now)),
    audit: (service, page) => guarded('audit', () => readAudit(of(service), page)),

    adopt: (service, adoption) => guarded('adopt', () => adoptGuest(of(service), adoption)),
    merges: (service) => guarded('merges', () => readMerges(of(service))),
    identityFile: (service, identity) => guarded('identity', () => readIdentityFile(of(service), identity)),
    linksOf: (service, own) => guarded('links', () => readLinks(of(service), own)),

    alerts: (service, page) => guarded('alerts', () => readAlerts(of(service), page)),
    foretell: (service, crossing) => guarded('foretell', () => writeForecastAlert(of(service), crossing)),
    takeDeliveries: (service, take) => guarded('take', () => takeDueDeliveries(of(service), take)),
    settleDelivery: (service, alertId, target, result) =>
      guarded('settle', () => settleTakenDelivery(of(service), alertId, target, result)),

    documents: (service, month, beginning) =>
      guarded('documents', () => readDocuments(of(service), month, beginning)),
    keepDocument: (service, month, document, expected) =>
      guarded('keep', () => keepDocument(of(service), month, document, expected)),

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
