import { type Response, Router } from 'express';
import { budgetWriteSchema, raiseWriteSchema } from '../../contract/steering.ts';
import type { BudgetScope } from '../../domain/refusal.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import type { BudgetDesk } from '../../steering/budget-desk.ts';
import type { BudgetView } from '../../steering/budget-view.ts';
import type { RaiseDesk } from '../../steering/raise-desk.ts';
import { createReadHandler } from '../operator-read.ts';
import { createWriteHandler, type OperatorWriteDeps } from '../operator-writes.ts';
import type { OperatorGate } from '../operators.ts';
import { acceptsJson } from '../send-json.ts';

export interface BudgetRoutesDeps extends OperatorWriteDeps {
  gate: OperatorGate;
  budgets: BudgetDesk;
  raises: RaiseDesk;
}

const RAISE_ID = /^[A-Za-z0-9_-]{1,64}$/;

/** Limits and raises of the current month. To be mounted at `/v1/budget`. */
export function createBudgetRoutes(deps: BudgetRoutesDeps): Router {
  const { gate, services, budgets, raises } = deps;
  const router = Router({ caseSensitive: true });

  router.get(
    '/',
    gate.require('viewer'),
    acceptsJson,
    createReadHandler(services, [], async ({ service }, _request, response) => {
      const { view, state } = await budgets.read(service);
      setState(response, state);
      return view;
    }),
  );

  router.put(
    '/',
    gate.require('admin'),
    createWriteHandler(deps, {
      schema: budgetWriteSchema,
      ifMatch: 'required',
      target: () => null,
      run: ({ service, body, terms }) => budgets.set(service, body, terms),
      finish: (response, { service }, { body }) => giveState(response, service, body),
    }),
  );

  router.get(
    '/raises',
    gate.require('viewer'),
    acceptsJson,
    createReadHandler(services, [], async ({ service }) => ({ raises: await raises.list(service) })),
  );

  router.post(
    '/raises',
    gate.require('admin'),
    createWriteHandler(deps, {
      schema: raiseWriteSchema,
      ifMatch: 'allowed',
      target: () => null,
      run: ({ service, body: { identities, expiresAt, budget }, terms }) => {
        const input = {
          identities,
          expiresAtMs: Date.parse(expiresAt),
          scope: budget satisfies BudgetScope,
        };
        return raises.add(service, input, terms);
      },
    }),
  );

  router.delete(
    '/raises/:id',
    gate.require('admin'),
    createWriteHandler(deps, {
      schema: null,
      ifMatch: 'allowed',
      target: ({ params: { id } }) =>
        RAISE_ID.test(String(id)) ? String(id) : [{ pointer: 'path', detail: 'Is no id of a raise.' }],
      run: ({ service, target, terms }) => raises.end(service, target, terms),
    }),
  );

  /**
   * The ETag for a next write, but only while the limits are still what the answer says: otherwise the operator would
   * overwrite a change that they have never seen.
   */
  async function giveState(response: Response, service: ServiceName, written: object): Promise<void> {
    const { view, state } = await budgets.read(service);
    if (settled(view) === settled(written as BudgetView)) setState(response, state);
  }

  return router;
}

function settled({ limit, mode, classes, tenants, reserve, source, effective, ...rest }: BudgetView): string {
  const { month, thresholds, spikeGuard, frozenSince } = rest;
  const limits = [month, limit, mode, classes, tenants, reserve, thresholds, spikeGuard];
  return JSON.stringify([...limits, source, effective, frozenSince]);
}

function setState(response: Response, state: string): void {
  response.setHeader('ETag', `"${state}"`);
}
