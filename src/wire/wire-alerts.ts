import { type AlertDelivery, createAlertDelivery } from '../alerts/deliver-alerts.ts';
import { sleep } from '../async/sleep.ts';
import type { Settings } from '../config/settings.ts';
import type { Clock } from '../domain/clock.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { createAlertTarget } from '../notify/create-alert-target.ts';
import { createAlertEventSink } from '../telemetry/alert-log.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';

export interface WireAlertsOptions {
  settings: Pick<Settings, 'alerts' | 'services' | 'publicUrl'>;
  ledger: Ledger;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
}

/** The delivery of alerts to the configured targets; not started. */
export function wireAlerts({ settings, ledger, clock, logger, metrics }: WireAlertsOptions): AlertDelivery {
  const { alerts, services, publicUrl } = settings;
  return createAlertDelivery({
    ledger,
    services: services.map(({ name }) => name),
    targets: alerts.targets.map((target) => createAlertTarget({ ...target, publicUrl })),
    pollMs: alerts.pollSeconds * 1000,
    clock,
    sleep,
    random: Math.random,
    onEvent: createAlertEventSink(logger, metrics),
  });
}
