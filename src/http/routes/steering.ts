import type { Router } from 'express';
import { createLostRowsReader } from '../../archive/lost-rows.ts';
import { createPeopleCheck } from '../../archive/people-check.ts';
import type { Reckoning } from '../../domain/reckoning.ts';
import type { ExplainToken } from '../../issue/explain-token.ts';
import type { ClassRanks } from '../../ledger/budget-input.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Policy } from '../../policy/policy.ts';
import { createBlockDesk } from '../../steering/block-desk.ts';
import { createBudgetDesk } from '../../steering/budget-desk.ts';
import { createErasureDesk, type ErasureDeskParts } from '../../steering/erasure-desk.ts';
import { createFreezeDesk } from '../../steering/freeze-desk.ts';
import { createLookupDesk } from '../../steering/identity-lookup.ts';
import { createImportDesk } from '../../steering/import-desk.ts';
import type { PeopleOfLists } from '../../steering/import-person.ts';
import { createNoteDesk } from '../../steering/note-desk.ts';
import { createRaiseDesk } from '../../steering/raise-desk.ts';
import type { OperatorWriteDeps } from '../operator-writes.ts';
import type { OperatorGate } from '../operators.ts';
import { createAuditRoutes } from './audit.ts';
import { createBudgetRoutes } from './budget.ts';
import { createDuplicateRoutes } from './duplicates.ts';
import { createErasureRoutes } from './erasures.ts';
import { createExplanationRoutes } from './explanations.ts';
import { createFreezeRoutes } from './freeze.ts';
import { createIdentityRoutes } from './identities.ts';
import { createIdentityLookupRoutes } from './identity-lookups.ts';
import { createImportRoutes } from './imports.ts';
import { createSimulationRoutes } from './simulations.ts';

export interface SteeringRoutesDeps extends OperatorWriteDeps {
  ledger: Ledger;
  gate: OperatorGate;
  /** Whom imports and erasures can speak of. */
  people: PeopleOfLists & Pick<ErasureDeskParts, 'guestPrefix' | 'hasArchive'>;
  ranks: ClassRanks;
  explainToken: ExplainToken;
  /** The present policy. */
  policy: Policy;
  /** First parts of derived identities; none where logins name the identity themselves. */
  prefixes: readonly string[];
  reckoning: Reckoning;
}

/** Everything that operators steer with, each router with the path that it is mounted at. */
export function createSteeringRoutes(deps: SteeringRoutesDeps): (readonly [path: string, router: Router])[] {
  const { ledger, clock, people, ranks: classes } = deps;
  const budgets = createBudgetDesk({ ledger, clock, classes });
  const raises = createRaiseDesk({ ledger, clock });
  const erasures = createErasureDesk({ ledger, ...people });
  const readLostRows = createLostRowsReader(ledger, clock);
  const hasLostPeople = createPeopleCheck(ledger, clock);
  const lookups = createLookupDesk({
    ...{ ledger, ...people, notes: createNoteDesk({ ledger }) },
    hasLostPeople,
  });
  return [
    ['/v1/budget', createBudgetRoutes({ ...deps, budgets, raises })],
    ['/v1/freeze', createFreezeRoutes({ ...deps, freezes: createFreezeDesk({ ledger, clock }) })],
    ['/v1/identities', createIdentityRoutes({ ...deps, blocks: createBlockDesk({ ledger }) })],
    [
      '/v1/identity-imports',
      createImportRoutes({ ...deps, imports: createImportDesk({ ledger, ...people }) }),
    ],
    ['/v1/identity-lookups', createIdentityLookupRoutes({ ...deps, lookups })],
    ['/v1/erasures', createErasureRoutes({ ...deps, erasures })],
    ['/v1/explanations', createExplanationRoutes(deps)],
    ['/v1/simulations', createSimulationRoutes({ ...deps, classes, readLostRows })],
    ['/v1/months', createDuplicateRoutes({ ...deps, hasLostPeople })],
    ['/v1/audit', createAuditRoutes(deps)],
  ];
}
