import type { Settings } from '../config/settings.ts';
import type { Clock } from '../domain/clock.ts';
import { monthOf } from '../domain/month.ts';
import { DEFAULT_SERVICE } from '../domain/service-name.ts';
import { createDemoRoutes, type DemoRoutesDeps } from '../http/routes/demo.ts';
import { createDemoHome } from '../http/routes/demo-home.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { costInDollars } from '../reports/money/cost-of.ts';

export interface WireDemoOptions {
  /** Null outside of demo mode. */
  site: DemoRoutesDeps['site'] | null;
  settings: Pick<Settings, 'reckoning'>;
  ledger: Ledger;
  clock: Clock;
}

/** The demo page, in demo mode; nothing at all otherwise. */
export function wireDemo({ site, settings, ledger, clock }: WireDemoOptions) {
  if (site === null) return [];
  const routes = createDemoRoutes({
    site,
    costOf: (users) => costInDollars(settings.reckoning.prices, users),
    countLedger: async () => (await ledger.totals(DEFAULT_SERVICE, monthOf(clock.now()))).all,
  });
  return [['/demo', routes] as const, ['/', createDemoHome()] as const];
}
