import type { Request, RequestHandler, Response } from 'express';
import type { Clock } from '../domain/clock.ts';
import type { Month } from '../domain/month.ts';
import type { ServiceName } from '../domain/service-name.ts';
import { monthOfPath } from './month-of-path.ts';
import { findService, type OperatorQuery, readQuery, refusedQuery } from './operator-query.ts';
import { isProblem, type Problem } from './problem.ts';
import { sendFresh } from './send-json.ts';

/**
 * Makes the handler of an operator's read that answers one JSON document.
 *
 * @param names of the query beside `service`
 * @param answer the document, or why there is none
 */
export function createReadHandler<Name extends string>(
  services: readonly ServiceName[],
  names: readonly Name[],
  answer: (
    asked: { service: ServiceName; query: OperatorQuery<Name | 'service'> },
    request: Request,
    response: Response,
  ) => Promise<object | Problem>,
): RequestHandler {
  return async (request, response, next) => {
    const { query, faults } = readQuery(request, ['service' as const, ...names]);
    if (faults.length > 0) return next(refusedQuery(faults));
    const service = findService(services, query.service);
    if (isProblem(service)) return next(service);
    const document = await answer({ service, query }, request, response);
    if (isProblem(document)) return next(document);
    sendFresh(response, document);
  };
}

export interface MonthReadDeps {
  clock: Clock;
  services: readonly ServiceName[];
}

/** The same for a document about the month in the address. */
export function createMonthReadHandler<Name extends string>(
  { clock, services }: MonthReadDeps,
  names: readonly Name[],
  answer: (
    asked: { service: ServiceName; month: Month; nowMs: number; query: OperatorQuery<Name | 'service'> },
    response: Response,
  ) => Promise<object | Problem>,
): RequestHandler {
  return createReadHandler(services, names, async (asked, request, response) => {
    const nowMs = clock.now();
    const month = monthOfPath(request, nowMs);
    return Array.isArray(month) ? refusedQuery(month) : answer({ ...asked, month, nowMs }, response);
  });
}
