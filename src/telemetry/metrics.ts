import cluster from 'node:cluster';
import { Gauge, Registry } from 'prom-client';
import { type MetricsPage, shareWithPrimary } from './cluster-metrics.ts';
import { declareMetrics } from './declare-metrics.ts';
import { createEvidenceMetrics, type EvidenceMetrics } from './evidence-metrics.ts';
import { registerFillMetrics, type ServiceFill } from './fill-metrics.ts';
import { createOutageMetrics, type OutageMetrics } from './outage-metrics.ts';
import { remember } from './remember.ts';

export interface MetricsOptions {
  version: string;
  /**
   * Names of the services and of the targets of alerts: what alerts look for stands at 0 for each of them from the start.
   * Prometheus sees an increase between two scrapes only, and none in a first event that makes a series. Default: none.
   */
  services?: readonly string[];
  alertTargets?: readonly string[];
  /** Asked once per scrape. When it fails the gauges are left out of that scrape. */
  fill: () => Promise<ServiceFill[]>;
}

/** What the gateway counts and times. No label ever holds an identity, a subject, an address or a query. */
export interface Metrics extends EvidenceMetrics, OutageMetrics, MetricsPage {
  /** @param route pattern, never a concrete path */
  observeRequest(method: string, route: string, status: number, seconds: number): void;
  /** The same for a route known beforehand, at less cost. */
  requestTimer(method: string, route: string): (status: number, seconds: number) => void;
  /** @param kind `new`: first token of the person in the month */
  countToken(outcome: 'minted' | 'reused', kind: 'new' | 'known'): void;
  /** @param reason a code of the public contract */
  countDenied(reason: string): void;
  /** @param result of one attempt to deliver an alert */
  countDelivery(target: string, result: (typeof DELIVERY_RESULTS)[number]): void;
  /** @param outcome what became of a browser's beacon */
  countBeacon(state: string, outcome: string): void;
  /** @param op name of a ledger method */
  observeStore(op: string, seconds: number): void;
}

/** OpenTelemetry's buckets, with finer ones below: a mint takes well under 5 ms. */
const REQUEST_BUCKETS = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
];
const DELIVERY_RESULTS = ['delivered', 'failed', 'given-up'] as const;
const STORE_BUCKETS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1];

export function createMetrics(options: MetricsOptions): Metrics {
  const { version, services = [], alertTargets = [], fill } = options;
  const registry = new Registry();
  const { counter, histogram } = declareMetrics(registry);
  const requests = histogram(
    'http_server_request_duration_seconds',
    'Time to answer an HTTP request.',
    ['http_request_method', 'http_route', 'http_response_status_code'],
    REQUEST_BUCKETS,
  );
  const tokens = counter(
    'mauguard_tokens_minted_total',
    'Tokens handed out; outcome reused means that nothing was minted.',
    ['outcome', 'kind'],
  );
  const denied = counter('mauguard_denied_total', 'Token requests that were refused, by code.', ['reason']);
  const deliveries = counter(
    'mauguard_alert_deliveries_total',
    'Attempts to deliver an alert; given-up means that nobody was told at this target.',
    ['target', 'result'],
  );
  const beacons = counter(
    'mauguard_beacons_total',
    'Beacons of browsers, by what they tell and what became of them; repeated means that it was known.',
    ['state', 'outcome'],
  );
  const store = histogram('mauguard_store_duration_seconds', 'Time of a ledger call.', ['op'], STORE_BUCKETS);
  denied.labels('ledger-unavailable').inc(0);
  for (const target of alertTargets) {
    for (const result of DELIVERY_RESULTS) deliveries.labels(target, result).inc(0);
  }
  registerBuildInfo(registry, version);
  registerFillMetrics(registry, fill);
  if (cluster.isWorker) shareWithPrimary(registry);

  const requestTimer = (method: string, route: string) => {
    const byStatus = remember((status: number) => requests.labels(method, route, String(status)));
    return (status: number, seconds: number) => byStatus(status).observe(seconds);
  };
  const tokenCounters = {
    minted: { new: tokens.labels('minted', 'new'), known: tokens.labels('minted', 'known') },
    reused: { new: tokens.labels('reused', 'new'), known: tokens.labels('reused', 'known') },
  };
  const deniedBy = remember((reason: string) => denied.labels(reason));
  const storeBy = remember((op: string) => store.labels(op));
  return {
    ...createEvidenceMetrics(registry),
    ...createOutageMetrics(registry, services),
    observeRequest: (method, route, status, seconds) =>
      requests.labels(method, route, String(status)).observe(seconds),
    requestTimer,
    countToken: (outcome, kind) => tokenCounters[outcome][kind].inc(),
    countDenied: (reason) => deniedBy(reason).inc(),
    countDelivery: (target, result) => deliveries.labels(target, result).inc(),
    countBeacon: (state, outcome) => beacons.labels(state, outcome).inc(),
    observeStore: (op, seconds) => storeBy(op).observe(seconds),
    expose: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  };
}

function registerBuildInfo(registry: Registry, version: string): void {
  const info = new Gauge({
    name: 'mauguard_build_info',
    help: 'Always 1; the labels tell what is running.',
    labelNames: ['version', 'node'],
    registers: [registry],
    aggregator: 'first',
  });
  info.labels(version, process.version).set(1);
}
