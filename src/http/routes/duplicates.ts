import { type RequestHandler, Router } from 'express';
import type { Clock } from '../../domain/clock.ts';
import type { Month } from '../../domain/month.ts';
import type { Reckoning } from '../../domain/reckoning.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import type { BondLedger } from '../../ledger/bonds.ts';
import type { LedgerReader } from '../../ledger/ledger.ts';
import { findDuplicates } from '../../reports/duplicates.ts';
import { steeringRefusals } from '../../steering/refusals.ts';
import { createAnswerAlone } from '../answer-alone.ts';
import { monthOfPath } from '../month-of-path.ts';
import { findService, readQuery, refusedQuery } from '../operator-query.ts';
import type { OperatorGate } from '../operators.ts';
import { isProblem } from '../problem.ts';
import { acceptsJson } from '../send-json.ts';

export interface DuplicateRoutesDeps {
  gate: OperatorGate;
  clock: Clock;
  services: readonly ServiceName[];
  ledger: Pick<LedgerReader, 'identities'> & Pick<BondLedger, 'merges'>;
  /** First parts of derived identities; none where logins name the identity themselves. */
  prefixes: readonly string[];
  reckoning: Reckoning;
  /** Whether people of the month have left the ledger, so that it cannot say who was there. */
  hasLostPeople(service: ServiceName, month: Month): Promise<boolean>;
}

/** Identities of a month that may be one person. To be mounted at `/v1/months`, beside the months themselves. */
export function createDuplicateRoutes(deps: DuplicateRoutesDeps): Router {
  const { gate, clock, services, ledger, prefixes } = deps;
  const { prices } = deps.reckoning;
  const router = Router({ caseSensitive: true });
  // Each reads a whole month.
  const answerAlone = createAnswerAlone(
    'Another report of duplicates is running; ask again when it is over.',
  );

  const report: RequestHandler = async (request, response, next) => {
    const { query, faults } = readQuery(request, ['service']);
    const nowMs = clock.now();
    const month = monthOfPath(request, nowMs);
    if (Array.isArray(month)) faults.push(...month);
    if (faults.length > 0 || Array.isArray(month)) return next(refusedQuery(faults));
    const service = findService(services, query.service);
    if (isProblem(service)) return next(service);
    if (await deps.hasLostPeople(service, month)) return next(steeringRefusals.archived(month));
    await answerAlone(response, next, (signal) =>
      findDuplicates(ledger, { service, month, nowMs, prefixes, prices, signal }),
    );
  };
  router.get('/:month/duplicates', gate.require('finance'), acceptsJson, report);

  return router;
}
