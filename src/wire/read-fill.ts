import type { ForecastWatch } from '../alerts/watch-forecasts.ts';
import type { Clock } from '../domain/clock.ts';
import { monthOf } from '../domain/month.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { readNewestUsage } from '../reconcile/newest-usage.ts';
import { wholeLimitOf } from '../reports/limit-of-month.ts';
import type { ServiceFill } from '../telemetry/fill-metrics.ts';

/** Alerts that are looked at for deliveries that are still due: far more than one month fires. */
const ALERTS_MAX = 100;

/** How full each service is, and how many alerts nobody has been told of yet. Four reads a service at most. */
export function readFill(
  ledger: Ledger,
  services: readonly ServiceName[],
  clock: Clock,
  watch: Pick<ForecastWatch, 'latest'>,
): Promise<ServiceFill[]> {
  return Promise.all(
    services.map(async (service) => {
      const nowMs = clock.now();
      const month = monthOf(nowMs);
      const [totals, alerts, usage] = await Promise.all([
        ledger.totals(service, month),
        ledger.alerts(service, { after: null, limit: ALERTS_MAX }),
        readNewestUsage(ledger, service, month, nowMs),
      ]);
      const deliveries = alerts.items.flatMap((alert) => alert.deliveries);
      const pendingAlerts = deliveries.filter(({ state }) => state === 'pending').length;
      const forecast = watch.latest(service)?.identities ?? null;
      const usageAgeSeconds = usage?.ageSeconds ?? null;
      const budget = wholeLimitOf(totals, nowMs);
      return { service, identities: totals.all, budget, pendingAlerts, forecast, usageAgeSeconds };
    }),
  );
}
