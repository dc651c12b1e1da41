import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { createEvidenceMetrics, type EvidenceMetrics } from './evidence-metrics.ts';

/** How full a service's current month is; `budget` null without a limit. */
export interface ServiceFill {
  service: string;
  identities: number;
  budget: number | null;
  /** Deliveries of alerts that are still to be made. */
  pendingAlerts: number;
}

export interface MetricsOptions {
  version: string;
  /** Asked once per scrape. When it fails the gauges are left out of that scrape. */
  fill: () => Promise<ServiceFill[]>;
}

/** What the gateway counts and times. No label ever holds an identity, a subject, an address or a query. */
export interface Metrics extends EvidenceMetrics {
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
  /** The scrape, in Prometheus' text format. */
  expose(): Promise<{ contentType: string; text: string }>;
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
  const readFill = createFillGauges(registry, fill);

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
    observeRequest: (method, route, status, seconds) =>
      requests.labels(method, route, String(status)).observe(seconds),
    requestTimer,
    countToken: (outcome, kind) => tokenCounters[outcome][kind].inc(),
    countDenied: (reason) => deniedBy(reason).inc(),
    countDelivery: (target, result) => deliveries.labels(target, result).inc(),
    countBeacon: (state, outcome) => beacons.labels(state, outcome).inc(),
    observeStore: (op, seconds) => storeBy(op).observe(seconds),
    expose: async () => {
      await readFill();
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
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
  });
  info.labels(version, process.version).set(1);
}

/** Answers a function that takes a new reading for the gauges; one reading serves all. */
function createFillGauges(registry: Registry, fill: () => Promise<ServiceFill[]>): () => Promise<void> {
  const budgets = new Gauge({
    name: 'mauguard_budget_identities',
    help: 'Identities that the current month may hold.',
    labelNames: ['service'],
    registers: [registry],
  });
  const identities = new Gauge({
    name: 'mauguard_identities',
    help: 'Identities of the current UTC month.',
    labelNames: ['service'],
    registers: [registry],
  });
  const pending = new Gauge({
    name: 'mauguard_alert_deliveries_pending',
    help: 'Deliveries of alerts that are still to be made.',
    labelNames: ['service'],
    registers: [registry],
  });
  return async () => {
    const services = await fill().catch(() => []);
    for (const gauge of [budgets, identities, pending]) gauge.reset();
    for (const { service, identities: used, budget, pendingAlerts } of services) {
      identities.labels(service).set(used);
      pending.labels(service).set(pendingAlerts);
      if (budget !== null) budgets.labels(service).set(budget);
    }
  };
}
