import { Router } from 'express';
import type { FindingsAnswer } from '../../contract/findings.ts';
import type { Clock } from '../../domain/clock.ts';
import type { Reckoning } from '../../domain/reckoning.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import type { BondLedger } from '../../ledger/bonds.ts';
import type { LedgerReader } from '../../ledger/ledger.ts';
import { mayActAs } from '../../ops/operator.ts';
import { readNewestSetup } from '../../reconcile/newest-setup.ts';
import { readForecast, withoutForecastCost } from '../../reports/forecast/read-forecast.ts';
import { type HygieneLedger, readHygiene } from '../../reports/read-hygiene.ts';
import { readWaste } from '../../reports/waste/read-waste.ts';
import { findRules } from '../find-rules.ts';
import { createMonthReadHandler } from '../operator-read.ts';
import { type OperatorGate, operatorOf } from '../operators.ts';
import { isProblem } from '../problem.ts';
import { acceptsJson } from '../send-json.ts';

export interface MonthFigureRoutesDeps {
  ledger: Pick<LedgerReader, 'totals' | 'days'> & Pick<BondLedger, 'merges'> & HygieneLedger;
  clock: Clock;
  gate: OperatorGate;
  services: readonly ServiceName[];
  reckoning: Reckoning;
  /** Class of guests. */
  guestClass: string;
}

/** What a month will be, what of it was in vain, and what is wrong with the wiring. To be mounted at `/v1/months`, beside the months themselves. */
export function createMonthFigureRoutes(deps: MonthFigureRoutesDeps): Router {
  const { ledger, gate, reckoning, guestClass } = deps;
  const router = Router({ caseSensitive: true });

  const forecast = createMonthReadHandler(deps, [], async ({ service, month, nowMs }, response) => {
    const read = await readForecast(ledger, { service, month, nowMs, reckoning });
    return mayActAs(operatorOf(response), 'finance') ? read : withoutForecastCost(read);
  });
  router.get('/:month/forecast', gate.require('viewer'), acceptsJson, forecast);

  const waste = createMonthReadHandler(deps, ['rules'], async ({ service, month, nowMs, query }) => {
    const rules = findRules(reckoning, query.rules);
    if (isProblem(rules)) return rules;
    return readWaste(ledger, { service, month, nowMs, reckoning: { ...reckoning, rules }, guestClass });
  });
  router.get('/:month/waste', gate.require('finance'), acceptsJson, waste);

  const findings = createMonthReadHandler(deps, [], async ({ service, month, nowMs }) => {
    const [found, setup] = await Promise.all([
      readHygiene(ledger, service, month, nowMs),
      readNewestSetup(ledger, service, month, nowMs),
    ]);
    const asOf = new Date(nowMs).toISOString();
    return { month, service, asOf, findings: found, setup } satisfies FindingsAnswer;
  });
  router.get('/:month/findings', gate.require('viewer'), acceptsJson, findings);

  return router;
}
