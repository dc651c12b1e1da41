import { Gauge, type Registry } from 'prom-client';

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

/**
 * Gauges that take a new reading at every scrape; one reading serves all.
 * @param fill when it fails the gauges are left out of that scrape
 */
export function registerFillMetrics(registry: Registry, fill: () => Promise<ServiceFill[]>): void {
  let reading: Promise<void> | null = null;
  const collect = () => {
    reading ??= read().finally(() => {
      reading = null;
    });
    return reading;
  };
  // Every process reads the same from the ledger: a sum over processes would be wrong.
  const gauge = (name: string, help: string, labelNames: string[] = ['service']) =>
    new Gauge({ name, help, labelNames, collect, registers: [registry], aggregator: 'max' });
  const budgets = gauge('mauguard_budget_identities', 'Identities that the current month may hold.');
  const identities = gauge('mauguard_identities', 'Identities of the current UTC month.');
  const pending = gauge(
    'mauguard_alert_deliveries_pending',
    'Deliveries of alerts that are still to be made.',
  );
  const forecasts = gauge(
    'mauguard_forecast_identities',
    'Identities that the current UTC month is thought to end with; absent while there is too little to go by.',
    ['service', 'bound'],
  );
  const usageAges = gauge(
    'mauguard_twilio_usage_age_seconds',
    'Time since the usage figure of Twilio was read last; absent while none was.',
  );
  async function read(): Promise<void> {
    const services = await fill().catch(() => []);
    for (const each of [budgets, identities, pending, forecasts, usageAges]) each.reset();
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
