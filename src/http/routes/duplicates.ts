import { type RequestHandler, Router } from 'express';
import type { Clock } from '../../domain/clock.ts';
import { monthOf, parseMonth } from '../../domain/month.ts';
import type { Reckoning } from '../../domain/reckoning.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import type { BondLedger } from '../../ledger/bonds.ts';
import type { LedgerReader } from '../../ledger/ledger.ts';
import { findDuplicates } from '../../reports/duplicates.ts';
import { goneSignal } from '../gone-signal.ts';
import { createOneAtATime } from '../one-at-a-time.ts';
import { findService, readQuery, refusedQuery } from '../operator-query.ts';
import type { OperatorGate } from '../operators.ts';
import { isProblem } from '../problem.ts';
import { acceptsJson, sendFresh } from '../send-json.ts';

export interface DuplicateRoutesDeps {
  gate: OperatorGate;
  clock: Clock;
  services: readonly ServiceName[];
  ledger: Pick<LedgerReader, 'identities'> & Pick<BondLedger, 'merges'>;
  /** First parts of derived identities; none where logins name the identity themselves. */
  prefixes: readonly string[];
  reckoning: Reckoning;
}

/** Identities of a month that may be one person. To be mounted at `/v1/months`, beside the months themselves. */
export function createDuplicateRoutes(deps: DuplicateRoutesDeps): Router {
  const { gate, clock, services, ledger, prefixes } = deps;
  const { prices } = deps.reckoning;
  const router = Router({ caseSensitive: true });
  // Each reads a whole month.
  const alone = createOneAtATime('Another report of duplicates is running; ask again when it is over.');

  const report: RequestHandler = async (request, response, next) => {
    const { query, faults } = readQuery(request, ['service']);
    const nowMs = clock.now();
    const named = String(request.params['month']);
    const month = named === 'current' ? monthOf(nowMs) : parseMonth(named);
    if (month === null) faults.push({ pointer: 'path', detail: 'Must be YYYY-MM or `current`.' });
    if (faults.length > 0 || month === null) return next(refusedQuery(faults));
    const service = findService(services, query.service);
    if (isProblem(service)) return next(service);
    const signal = goneSignal(response);
    const found = await alone(() =>
      findDuplicates(ledger, { service, month, nowMs, prefixes, prices, signal }),
    ).catch((error: unknown) => {
      if (signal.aborted) return null;
      throw error;
    });
    if (found === null) return;
    if (isProblem(found)) return next(found);
    sendFresh(response, found);
  };
  router.get('/:month/duplicates', gate.require('finance'), acceptsJson, report);

  return router;
}
