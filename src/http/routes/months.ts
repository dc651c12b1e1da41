import { type Request, type Response, Router } from 'express';
import type {
  DaysAnswer,
  IdentityRow,
  MintRow,
  MonthSummary as MonthAnswer,
  MonthsAnswer,
} from '../../contract.ts';
import type { Clock } from '../../domain/clock.ts';
import { type Month, parseNamedMonth } from '../../domain/month.ts';
import type { Reckoning } from '../../domain/reckoning.ts';
import { refused } from '../../domain/refusal.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import type { LedgerReader } from '../../ledger/ledger.ts';
import { mayActAs } from '../../ops/operator.ts';
import {
  type ListingQuery,
  PAGE_ROWS_MAX,
  parseListingQuery,
  type QueryName,
} from '../../reports/listing-query.ts';
import { MONTHS_LISTED } from '../../reports/month-choices.ts';
import { createMonthReports } from '../../reports/month-reports.ts';
import { type MonthSummary, withoutCost } from '../../reports/month-summary.ts';
import { reportIdentities, reportMints } from '../../reports/row-report.ts';
import { findRules } from '../find-rules.ts';
import { findService, refusedQuery } from '../operator-query.ts';
import { type OperatorGate, operatorOf } from '../operators.ts';
import { isProblem, type Problem } from '../problem.ts';
import { searchOf } from '../search-of.ts';
import { acceptsJson } from '../send-json.ts';
import { rowsMax, sendRows } from '../send-rows.ts';

const MONTHS_MAX = 120;

export interface MonthRoutesDeps {
  ledger: LedgerReader;
  clock: Clock;
  gate: OperatorGate;
  services: readonly ServiceName[];
  /** Configured class names; listed even when nobody of them was seen. */
  classes: readonly string[];
  reckoning: Reckoning;
}

/** The months of a service, for operators: how many, when, and who. To be mounted at `/v1/months`. */
export function createMonthRoutes(deps: MonthRoutesDeps): Router {
  const { ledger, clock, gate, services, reckoning } = deps;
  const reports = createMonthReports(deps);
  const router = Router({ caseSensitive: true });

  router.get('/', gate.require('viewer'), acceptsJson, async (request, response, next) => {
    const asked = parseAddress(request, ['service', 'limit', 'rules'], MONTHS_MAX);
    if (isProblem(asked)) return next(asked);
    const rules = findRules(reckoning, asked.query.rules);
    if (isProblem(rules)) return next(rules);
    const months = await reports.months(asked.service, asked.query.limit ?? MONTHS_LISTED);
    const summaries = await Promise.all(months.map((month) => reports.summary(asked.service, month, rules)));
    sendJson<MonthsAnswer>(response, { months: summaries.map((summary) => forOperator(summary, response)) });
  });

  router.get('/:month', gate.require('viewer'), acceptsJson, async (request, response, next) => {
    const asked = parseAddress(request, ['service', 'rules']);
    if (isProblem(asked)) return next(asked);
    const rules = findRules(reckoning, asked.query.rules);
    if (isProblem(rules)) return next(rules);
    const summary = await reports.summary(asked.service, asked.month, rules);
    sendJson<MonthAnswer>(response, forOperator(summary, response));
  });

  router.get('/:month/days', gate.require('viewer'), acceptsJson, async (request, response, next) => {
    const asked = parseAddress(request, ['service']);
    if (isProblem(asked)) return next(asked);
    sendJson<DaysAnswer>(response, { days: await reports.days(asked.service, asked.month) });
  });

  router.get('/:month/identities', gate.require('finance'), async (request, response, next) => {
    const asked = parseAddress(
      request,
      ['service', 'cursor', 'limit', 'class', 'signal', 'not', 'q'],
      rowsMax(request),
    );
    if (isProblem(asked)) return next(asked);
    const { className, signals, not, beginning } = asked.query;
    const filter = { className, signals, not, beginning };
    const report = reportIdentities(ledger, asked.service, asked.month, filter);
    await sendRows<IdentityRow>(request, response, next, report, asked.query);
  });

  router.get('/:month/mints', gate.require('finance'), async (request, response, next) => {
    const asked = parseAddress(request, ['service', 'cursor', 'limit', 'class', 'q'], rowsMax(request));
    if (isProblem(asked)) return next(asked);
    const { className, beginning } = asked.query;
    const report = reportMints(ledger, asked.service, asked.month, { className, beginning });
    await sendRows<MintRow>(request, response, next, report, asked.query);
  });

  function parseAddress(
    request: Request,
    names: readonly QueryName[],
    limitMax = PAGE_ROWS_MAX,
  ): Asked | Problem {
    const month = parseNamedMonth(String(request.params['month'] ?? 'current'), clock.now());
    if (month === null) {
      return refused('invalid-request', {
        detail: 'The month is malformed.',
        errors: [{ pointer: 'path', detail: 'Must be YYYY-MM or `current`.' }],
      });
    }
    const query = parseListingQuery(searchOf(request), names, limitMax);
    if (Array.isArray(query)) return refusedQuery(query);
    const service = findService(services, query.service);
    return isProblem(service) ? service : { service, month, query };
  }

  return router;
}

/** What an address asks for, checked. */
interface Asked {
  service: ServiceName;
  month: Month;
  query: ListingQuery;
}

/** Viewers see counts, not money. */
function forOperator(summary: MonthSummary, response: Response): MonthSummary {
  return mayActAs(operatorOf(response), 'finance') ? summary : withoutCost(summary);
}

function sendJson<Answer>(response: Response, answer: Answer): void {
  response.set('Cache-Control', 'no-store').json(answer);
}
