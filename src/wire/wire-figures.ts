import { createForecastWatch, type ForecastWatch } from '../alerts/watch-forecasts.ts';
import { sleep } from '../async/sleep.ts';
import type { Settings } from '../config/settings.ts';
import type { Clock } from '../domain/clock.ts';
import { monthOf } from '../domain/month.ts';
import type { OperatorGate } from '../http/operators.ts';
import { createMonthFigureRoutes } from '../http/routes/month-figures.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { readForecast } from '../reports/forecast/read-forecast.ts';
import type { Logger } from '../telemetry/logger.ts';

export interface WireFiguresOptions {
  settings: Settings;
  ledger: Ledger;
  clock: Clock;
  gate: OperatorGate;
  logger: Logger;
}

/** A forecast moves by the day; an alert of it needs no hurry. */
const FORECAST_POLL_MS = 600_000;

/** Forecasts, and what was in vain. The watch is not started. */
export function wireFigures({ settings, ledger, clock, gate, logger }: WireFiguresOptions) {
  const { reckoning, guests } = settings;
  const services = settings.services.map(({ name }) => name);
  const routes = createMonthFigureRoutes({
    ...{ ledger, clock, gate, reckoning, services },
    guestClass: guests.className,
  });
  const watch: ForecastWatch = createForecastWatch({
    ...{ ledger, services, clock },
    forecast: (service, nowMs) => readForecast(ledger, { service, month: monthOf(nowMs), nowMs, reckoning }),
    pollMs: FORECAST_POLL_MS,
    sleep,
    onFailure: (service, failure) => logger.warn({ event: 'forecast.failed', service, err: failure }),
  });
  return { watch, routes: [['/v1/months', routes] as const] };
}
