import { type NextFunction, type Request, type RequestHandler, type Response, Router } from 'express';
import type {
  DaysAnswer,
  IdentityRow,
  MintRow,
  MonthSummary as MonthAnswer,
  MonthsAnswer,
} from '../../contract.ts';
import type { Clock } from '../../domain/clock.ts';
import { type Month, monthOf, parseMonth } from '../../domain/month.ts';
import { refused } from '../../domain/refusal.ts';
import { DEFAULT_SERVICE, type ServiceName } from '../../domain/service-name.ts';
import type { LedgerReader } from '../../ledger/ledger.ts';
import { mayActAs } from '../../ops/operator.ts';
import { EXPORT_MEDIA_TYPES, type ExportFormat } from '../../reports/export-formats.ts';
import {
  type ListingQuery,
  PAGE_ROWS,
  PAGE_ROWS_MAX,
  parseListingQuery,
  type QueryName,
} from '../../reports/listing-query.ts';
import { createMonthReports } from '../../reports/month-reports.ts';
import { type MonthSummary, withoutCost } from '../../reports/month-summary.ts';
import { type RowReport, reportIdentities, reportMints } from '../../reports/row-report.ts';
import { streamExport } from '../../reports/stream-export.ts';
import { type OperatorGate, operatorOf } from '../operators.ts';
import { isProblem, type Problem, refusedByHttp } from '../problem.ts';

/** Months that `GET /v1/months` lists unless told: a year and the month before it. */
const MONTHS = 13;
const MONTHS_MAX = 120;
const JSON_TYPE = 'application/json';

export interface MonthRoutesDeps {
  ledger: LedgerReader;
  clock: Clock;
  gate: OperatorGate;
  services: readonly ServiceName[];
  /** Configured class names; listed even when nobody of them was seen. */
  classes: readonly string[];
}

/** The months of a service, for operators: how many, when, and who. To be mounted at `/v1/months`. */
export function createMonthRoutes({ ledger, clock, gate, services, classes }: MonthRoutesDeps): Router {
  const reports = createMonthReports({ ledger, clock, classes });
  const router = Router({ caseSensitive: true });

  router.get('/', gate.require('viewer'), acceptsJson, async (request, response, next) => {
    const asked = parseAddress(request, ['service', 'limit'], MONTHS_MAX);
    if (isProblem(asked)) return next(asked);
    const months = await reports.months(asked.service, asked.query.limit ?? MONTHS);
    const summaries = await Promise.all(months.map((month) => reports.summary(asked.service, month)));
    sendJson<MonthsAnswer>(response, { months: summaries.map((summary) => forOperator(summary, response)) });
  });

  router.get('/:month', gate.require('viewer'), acceptsJson, async (request, response, next) => {
    const asked = parseAddress(request, ['service']);
    if (isProblem(asked)) return next(asked);
    const summary = await reports.summary(asked.service, asked.month);
    sendJson<MonthAnswer>(response, forOperator(summary, response));
  });

  router.get('/:month/days', gate.require('viewer'), acceptsJson, async (request, response, next) => {
    const asked = parseAddress(request, ['service']);
    if (isProblem(asked)) return next(asked);
    sendJson<DaysAnswer>(response, { days: await reports.days(asked.service, asked.month) });
  });

  router.get('/:month/identities', gate.require('finance'), async (request, response, next) => {
    const asked = parseAddress(request, ['service', 'cursor', 'limit', 'class', 'signal', 'not', 'q']);
    if (isProblem(asked)) return next(asked);
    const { className, signals, not, beginning } = asked.query;
    const filter = { className, signals, not, beginning };
    const report = reportIdentities(ledger, asked.service, asked.month, filter);
    await sendRows<IdentityRow>(request, response, next, report, asked.query);
  });

  router.get('/:month/mints', gate.require('finance'), async (request, response, next) => {
    const asked = parseAddress(request, ['service', 'cursor', 'limit', 'class', 'q']);
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
    const nowMs = clock.now();
    const monthText = request.params['month'] ?? 'current';
    const month = monthText === 'current' ? monthOf(nowMs) : parseMonth(String(monthText));
    if (month === null) {
      return refused('invalid-request', {
        detail: 'The month is malformed.',
        errors: [{ pointer: 'path', detail: 'Must be YYYY-MM or `current`.' }],
      });
    }
    const query = parseListingQuery(searchOf(request), names, limitMax);
    if (Array.isArray(query)) {
      return refused('invalid-request', { detail: 'The query is not valid.', errors: query });
    }
    const service = services.find((name) => name === (query.service ?? DEFAULT_SERVICE));
    if (service === undefined) return refused('not-found', { detail: 'There is no such service.' });
    return { service, month, query };
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

function searchOf(request: Request): URLSearchParams {
  const start = request.url.indexOf('?');
  return new URLSearchParams(start < 0 ? '' : request.url.slice(start));
}

/** For addresses that know JSON only. */
const acceptsJson: RequestHandler = (request, _response, next) => {
  if (request.accepts(JSON_TYPE)) next();
  else next(notAcceptable([JSON_TYPE]));
};

function notAcceptable(types: readonly string[]): Problem {
  return refusedByHttp('not-acceptable', { detail: `This address gives ${types.join(', ')}.` });
}

function sendJson<Answer>(response: Response, answer: Answer): void {
  response.set('Cache-Control', 'no-store').json(answer);
}

/** A page as JSON, or every row when the Accept header asks for an export. */
async function sendRows<Row>(
  request: Request,
  response: Response,
  next: NextFunction,
  report: RowReport<Row>,
  query: ListingQuery,
): Promise<void> {
  const { csv, ndjson } = EXPORT_MEDIA_TYPES;
  response.vary('Accept');
  const type = request.accepts([JSON_TYPE, csv, ndjson]);
  if (type === false) return next(notAcceptable([JSON_TYPE, csv, ndjson]));
  if (type === JSON_TYPE) {
    const page = await report.page(query.cursor, query.limit ?? PAGE_ROWS);
    if (page === null) return next(refuseQuery('cursor', 'Is not a cursor of this listing.'));
    sendJson<{ items: Row[]; nextCursor: string | null }>(response, page);
    return;
  }
  for (const name of ['cursor', 'limit'] as const) {
    if (query[name] !== null) return next(refuseQuery(name, 'Is for JSON pages; an export gives every row.'));
  }
  await sendExport(request, response, report, type === csv ? 'csv' : 'ndjson');
}

/** Streams every row of a report as a file to be saved. */
export async function sendExport(
  request: Request,
  response: Response,
  report: RowReport<unknown>,
  format: ExportFormat,
): Promise<void> {
  const begin = () =>
    response.set({
      'Content-Type': `${EXPORT_MEDIA_TYPES[format]}; charset=utf-8`,
      'Content-Disposition': `attachment; filename="${report.fileStem}.${format}"`,
      'Cache-Control': 'no-store',
    });
  if (request.method === 'HEAD') begin().end();
  else await streamExport(report.text(format), response, begin);
}

function refuseQuery(name: QueryName, detail: string): Problem {
  return refused('invalid-request', {
    detail: 'The query is not valid.',
    errors: [{ pointer: `?${name}`, detail }],
  });
}
