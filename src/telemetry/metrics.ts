import cluster from 'node:cluster';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { type MetricsPage, shareWithPrimary } from './cluster-metrics.ts';
import { createEvidenceMetrics, type EvidenceMetrics } from './evidence-metrics.ts';
import { createOutageMetrics, type OutageMetrics } from './outage-metrics.ts';

/** How full a service's current month is; `budget` null without a limit. */
export interface ServiceFill {
  service: string;
  identities: number;
  budget: number | null;
  /** Deliveries of alerts that are still to be made. */
  pendingAlerts: number;
  /** Identities that the current month is thought to end with; null while there is too little to go by. */
  forecast: { low: number; mid: number; high: number } | null;
  /** Age of Twilio's own figure that was read last, s; null when there is none. */
  usageAgeSeconds: number | null;
}

export interface MetricsOptions {
  version: string;
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
  countDelivery(target: string, result: 'delivered' | 'failed' | 'given-up'): void;
  /** @param outcome what became of a browser's beacon */
  countBeacon(state: string, outcome: string): void;
  /** @param op name of a ledger method */
  observeStore(op: string, seconds: number): void;
}

/** OpenTelemetry's buckets, with finer ones below: a mint takes well under 5 ms. */
const REQUEST_BUCKETS = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
];
const STORE_BUCKETS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1];

export function createMetrics({ version, fill }: MetricsOptions): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const requests = new Histogram({
    name: 'http_server_request_duration_seconds',
    help: 'Time to answer an HTTP request.',
    labelNames: ['http_request_method', 'http_route', 'http_response_status_code'],
    buckets: REQUEST_BUCKETS,
    registers,
  });
  const tokens = new Counter({
    name: 'mauguard_tokens_minted_total',
    help: 'Tokens handed out; outcome reused means that nothing was minted.',
    labelNames: ['outcome', 'kind'],
    registers,
  });
  const denied = new Counter({
    name: 'mauguard_denied_total',
    help: 'Token requests that were refused, by code.',
    labelNames: ['reason'],
    registers,
  });
  const deliveries = new Counter({
    name: 'mauguard_alert_deliveries_total',
    help: 'Attempts to deliver an alert; given-up means that nobody was told at this target.',
    labelNames: ['target', 'result'],
    registers,
  });
  const beacons = new Counter({
    name: 'mauguard_beacons_total',
    help: 'Beacons of browsers, by what they tell and what became of them; repeated means that it was known.',
    labelNames: ['state', 'outcome'],
    registers,
  });
  const store = new Histogram({
    name: 'mauguard_store_duration_seconds',
    help: 'Time of a ledger call.',
    labelNames: ['op'],
    buckets: STORE_BUCKETS,
    registers,
  });
  registerBuildInfo(registry, version);
  registerFillGauges(registry, fill);
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
    ...createOutageMetrics(registry),
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

/** Resolving a label child validates names and hashes values; for keys of a small fixed set once is enough. */
function remember<Key, Child>(resolve: (key: Key) => Child): (key: Key) => Child {
  const children = new Map<Key, Child>();
  return (key) => {
    let child = children.get(key);
    if (child === undefined) {
      child = resolve(key);
      children.set(key, child);
    }
    return child;
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

/** Gauges that take a new reading at every scrape; one reading serves all. */
function registerFillGauges(registry: Registry, fill: () => Promise<ServiceFill[]>): void {
  let reading: Promise<void> | null = null;
  const collect = () => {
    reading ??= read().finally(() => {
      reading = null;
    });
    return reading;
  };
  // Every process reads the same from the ledger: a sum over processes would be wrong.
  const shape = {
    labelNames: ['service'] as const,
    registers: [registry],
    aggregator: 'max' as const,
    collect,
  };
  const budgets = new Gauge({
    ...shape,
    name: 'mauguard_budget_identities',
    help: 'Identities that the current month may hold.',
  });
  const identities = new Gauge({
    ...shape,
    name: 'mauguard_identities',
    help: 'Identities of the current UTC month.',
  });
  const pending = new Gauge({
    ...shape,
    name: 'mauguard_alert_deliveries_pending',
    help: 'Deliveries of alerts that are still to be made.',
  });
  const forecasts = new Gauge({
    ...shape,
    labelNames: ['service', 'bound'] as const,
    name: 'mauguard_forecast_identities',
    help: 'Identities that the current UTC month is thought to end with; absent while there is too little to go by.',
  });
  const usageAges = new Gauge({
    ...shape,
    name: 'mauguard_twilio_usage_age_seconds',
    help: 'Time since the usage figure of Twilio was read last; absent while none was.',
  });
  async function read(): Promise<void> {
    const services = await fill().catch(() => []);
    for (const gauge of [budgets, identities, pending, forecasts, usageAges]) gauge.reset();
    for (const { service, identities: used, budget, pendingAlerts, forecast, usageAgeSeconds } of services) {
      identities.labels(service).set(used);
      if (usageAgeSeconds !== null) usageAges.labels(service).set(usageAgeSeconds);
      pending.labels(service).set(pendingAlerts);
      if (budget !== null) budgets.labels(service).set(budget);
      for (const [bound, value] of Object.entries(forecast ?? {})) {
        forecasts.labels(service, bound).set(value);
      }
    }
  }
}
