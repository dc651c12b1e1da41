import type { Clock } from '../domain/clock.ts';
import { monthOf } from '../domain/month.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { ServiceFill } from '../telemetry/metrics.ts';

/** Alerts that are looked at for deliveries that are still due: far more than one month fires. */
const ALERTS_MAX = 100;

/** How full each service is, and how many alerts nobody has been told of yet. Two reads a service. */
export function readFill(
  ledger: Ledger,
  services: readonly ServiceName[],
  clock: Clock,
): Promise<ServiceFill[]> {
  return Promise.all(
    services.map(async (service) => {
      const [{ all, budget }, alerts] = await Promise.all([
        ledger.totals(service, monthOf(clock.now())),
        ledger.alerts(service, { after: null, limit: ALERTS_MAX }),
      ]);
      const deliveries = alerts.items.flatMap((alert) => alert.deliveries);
      const pendingAlerts = deliveries.filter(({ state }) => state === 'pending').length;
      return { service, identities: all, budget: budget?.scopes.all ?? null, pendingAlerts };
    }),
  );
}
