import { type RequestHandler, Router } from 'express';
import type { z } from 'zod';
import type { LostRows } from '../../archive/lost-rows.ts';
import { simulationRequestSchema } from '../../contract/simulation.ts';
import type { Clock } from '../../domain/clock.ts';
import { type Month, parseNamedMonth } from '../../domain/month.ts';
import type { Reckoning } from '../../domain/reckoning.ts';
import { type BudgetScope, type InputFault, refused } from '../../domain/refusal.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import type { Raise } from '../../ledger/budget.ts';
import { type ClassRanks, parseBudgetInput } from '../../ledger/budget-input.ts';
import type { LedgerReader } from '../../ledger/ledger.ts';
import type { LedgerSteering } from '../../ledger/steering.ts';
import type { Policy } from '../../policy/policy.ts';
import { simulateMonth } from '../../reports/simulation/simulate-month.ts';
import type { TrialPolicy } from '../../reports/simulation/trial-policy.ts';
import { steeringRefusals } from '../../steering/refusals.ts';
import { createAnswerAlone } from '../answer-alone.ts';
import { readOperatorBody } from '../operator-body.ts';
import { findService, readQuery, refusedQuery } from '../operator-query.ts';
import type { OperatorGate } from '../operators.ts';
import { isProblem, type Problem } from '../problem.ts';
import { acceptsJson } from '../send-json.ts';

export interface SimulationRoutesDeps {
  gate: OperatorGate;
  clock: Clock;
  services: readonly ServiceName[];
  ledger: LedgerReader & Pick<LedgerSteering, 'limits'>;
  classes: ClassRanks;
  /** The present policy. */
  policy: Policy;
  reckoning: Reckoning;
  /** What of a month is in the archive only. */
  readLostRows(service: ServiceName, month: Month): Promise<LostRows>;
}

type Asked = z.infer<typeof simulationRequestSchema>;

const FIELDS = Object.keys(simulationRequestSchema.shape);

/** Another policy, tried on a recorded month. Writes nothing. To be mounted at `/v1/simulations`. */
export function createSimulationRoutes(deps: SimulationRoutesDeps): Router {
  const { gate, clock, services, ledger, classes, reckoning } = deps;
  const router = Router({ caseSensitive: true });
  // Each holds the people of a whole month in memory.
  const answerAlone = createAnswerAlone('Another simulation is running; ask again when it is over.');

  const simulate: RequestHandler = async (request, response, next) => {
    const { query, faults } = readQuery(request, ['service']);
    if (faults.length > 0) return next(refusedQuery(faults));
    const service = findService(services, query.service);
    if (isProblem(service)) return next(service);
    const read = await readOperatorBody(request, simulationRequestSchema, FIELDS);
    if ('problem' in read) return next(read.problem);
    const nowMs = clock.now();
    const { month: named, policy } = read.body;
    const month = parseNamedMonth(named, nowMs);
    if (month === null) return next(refuseBody([{ pointer: '/month', detail: 'Is out of range.' }]));
    const lost = await deps.readLostRows(service, month);
    if (lost.mints || lost.people) return next(steeringRefusals.archived(month, '', 'Rows'));
    const trial = await buildTrial(service, month, policy);
    if (isProblem(trial)) return next(trial);
    const names = Object.keys(classes.priorities);
    await answerAlone(response, next, (signal) =>
      simulateMonth(ledger, { service, month, trial, classes: names, reckoning, nowMs, signal }),
    );
  };
  router.post('/', gate.require('finance'), acceptsJson, simulate);

  async function buildTrial(
    service: ServiceName,
    month: Month,
    asked: Asked['policy'],
  ): Promise<TrialPolicy | Problem> {
    const intents = { ...deps.policy.intents, ...asked.intents };
    const policy = { ...deps.policy, intents };
    if (asked.budget === undefined) {
      if (asked.raises !== undefined) {
        const detail = 'Belong to a budget that is tried; give one.';
        return refuseBody([{ pointer: '/policy/raises', detail }]);
      }
      const { budget, raises } = await ledger.limits(service, month);
      return { policy, budget, raises };
    }
    const budget = asked.budget === null ? null : parseBudgetInput(asked.budget, classes);
    if (Array.isArray(budget)) {
      return refuseBody(
        budget.map(({ pointer, detail }) => ({ pointer: `/policy/budget${pointer}`, detail })),
      );
    }
    return { policy, budget, raises: buildRaises(asked.raises ?? [], month) };
  }

  return router;
}

function buildRaises(raises: NonNullable<Asked['policy']['raises']>, month: Month): Raise[] {
  return raises.map(({ identities, budget, createdAt, expiresAt }, at) => ({
    id: `tried-${at}`,
    month,
    scope: budget satisfies BudgetScope,
    identities,
    createdAt: Math.floor(Date.parse(createdAt) / 1000),
    expiresAt: Math.floor(Date.parse(expiresAt) / 1000),
    reason: 'tried',
    by: 'simulation',
  }));
}

function refuseBody(errors: InputFault[]): Problem {
  return refused('invalid-request', { detail: 'The body has faults.', errors });
}
