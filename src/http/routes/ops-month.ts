import type { RequestHandler, Response } from 'express';
import type { LostRows } from '../../archive/lost-rows.ts';
import type { Clock } from '../../domain/clock.ts';
import { GatewayError } from '../../domain/gateway-error.ts';
import { type Month, parseNamedMonth } from '../../domain/month.ts';
import type { Reckoning } from '../../domain/reckoning.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import type { BondLedger } from '../../ledger/bonds.ts';
import type { LedgerReader } from '../../ledger/ledger.ts';
import type { GatewayStateSource } from '../../ops/gateway-state.ts';
import { buildMonthPage } from '../../ops/month-page.ts';
import { NOTICES } from '../../ops/notices.ts';
import { mayActAs } from '../../ops/operator.ts';
import { readNewestSetup, type SetupFindings } from '../../reconcile/newest-setup.ts';
import { readPreviousUsage } from '../../reconcile/previous-usage.ts';
import type { Reconciler } from '../../reconcile/reconciler.ts';
import type { Reconciliation } from '../../reconcile/reconciliation.ts';
import { type Forecast, readForecast, withoutForecastCost } from '../../reports/forecast/read-forecast.ts';
import type { HygieneFinding } from '../../reports/hygiene.ts';
import { type MonthOverview, readMonthOverview } from '../../reports/month-overview.ts';
import type { MonthReports } from '../../reports/month-reports.ts';
import { withoutCost } from '../../reports/month-summary.ts';
import { type HygieneLedger, readHygiene } from '../../reports/read-hygiene.ts';
import { readWaste, type WasteReport } from '../../reports/waste/read-waste.ts';
import { ownUrlOf } from '../own-url.ts';
import { failureOf } from '../problem.ts';
import { setOutcome } from '../request-scope.ts';
import type { OpsContext, Visit } from './ops-context.ts';

export interface OpsMonthDeps {
  ledger: Pick<LedgerReader, 'totals' | 'days'> & Pick<BondLedger, 'merges'> & HygieneLedger;
  clock: Clock;
  reports: MonthReports;
  reckoning: Reckoning;
  reconciler: () => Reconciler;
  /** What runs here. */
  gateway: Pick<GatewayStateSource, 'read'>;
  /** Class of guests. */
  guestClass: string;
  /** The URL that the outside uses, or null. */
  publicUrl: string | null;
  /** An app login that works, such as demo mode has, or null. */
  exampleLogin: string | null;
  /** What of a month is in the archive only. */
  readLostRows(service: ServiceName, month: Month): Promise<LostRows>;
}

/** Everything of a month, with money; what a role may not see is taken off at each look. */
interface MonthFigures {
  overview: MonthOverview;
  forecast: Forecast;
  waste: WasteReport;
  findings: HygieneFinding[];
  setup: SetupFindings | null;
  reconciliation: Reconciliation;
  previousTwilio: number | null;
  archived: LostRows;
}

/** Months whose last figures are remembered for when the ledger does not answer. */
const REMEMBERED_MAX = 24;

/** The page of a month. While the ledger is away it shows the last figures that this gateway has read, with their age. */
export function createMonthPage(deps: OpsMonthDeps, context: OpsContext): RequestHandler {
  const { ledger, clock, reports, reckoning, guestClass } = deps;
  const remembered = new Map<string, MonthFigures>();

  async function read(service: ServiceName, month: Month): Promise<MonthFigures> {
    const question = { service, month, nowMs: clock.now(), reckoning };
    const [overview, forecast, waste, findings, setup, reconciliation, previousTwilio, archived] =
      await Promise.all([
        readMonthOverview(reports, clock, service, month),
        readForecast(ledger, question),
        readWaste(ledger, { ...question, guestClass }),
        readHygiene(ledger, service, month, question.nowMs),
        readNewestSetup(ledger, service, month, question.nowMs),
        deps.reconciler().read(service, month),
        readPreviousUsage(ledger, service, month, question.nowMs),
        deps.readLostRows(service, month),
      ]);
    return { overview, forecast, waste, findings, setup, reconciliation, previousTwilio, archived };
  }

  function remember(key: string, figures: MonthFigures): void {
    remembered.delete(key);
    remembered.set(key, figures);
    const [oldest] = remembered.keys();
    if (remembered.size > REMEMBERED_MAX && oldest !== undefined) remembered.delete(oldest);
  }

  function send(response: Response, visit: Visit, figures: MonthFigures, ageSeconds: number | null): void {
    const { operator } = visit.frame.visitor;
    const seesMoney = mayActAs(operator, 'finance');
    const { overview, forecast, waste, findings, setup, reconciliation, previousTwilio, archived } = figures;
    response.send(
      buildMonthPage({
        ...overview,
        summary: seesMoney ? overview.summary : withoutCost(overview.summary),
        previous: seesMoney ? overview.previous : withoutCost(overview.previous),
        forecast: seesMoney ? forecast : withoutForecastCost(forecast),
        waste: seesMoney ? waste : null,
        reconciliation: seesMoney ? reconciliation : null,
        ...{ frame: visit.frame, guestClass, ageSeconds, findings, setup, previousTwilio, archived },
        store: deps.gateway.read().store,
        example: {
          url: ownUrlOf(response.req, deps.publicUrl),
          login: deps.exampleLogin ?? '<a login of your app>',
        },
      }),
    );
  }

  return async (request, response) => {
    const visit = context.visitOf(response);
    const month = parseNamedMonth(visit.search.get('month') ?? 'current', clock.now());
    if (month === null) return context.sendNotice(request, response, 400, NOTICES.noMonth);
    const { service } = visit.frame.visitor;
    const key = `${service} ${month}`;
    try {
      const figures = await read(service, month);
      remember(key, figures);
      send(response, visit, figures, null);
    } catch (error) {
      const known = remembered.get(key);
      if (!(error instanceof GatewayError) || known === undefined) {
        return context.sendFailure(request, response, error);
      }
      setOutcome(response, failureOf(error), error);
      response.status(503).set('Retry-After', String(error.retryAfterSeconds));
      send(response, visit, known, (clock.now() - known.overview.nowMs) / 1000);
    }
  };
}
