import type { RequestHandler, Response } from 'express';
import type { Reckoning } from '../../domain/reckoning.ts';
import { buildBudgetPage } from '../../ops/budget-page.ts';
import type { FormFaults } from '../../ops/forms.ts';
import { mayActAs } from '../../ops/operator.ts';
import { costInDollars } from '../../reports/money/cost-of.ts';
import type { BudgetPreview } from '../../reports/simulation/preview-budget.ts';
import type { BudgetDesk } from '../../steering/budget-desk.ts';
import type { OpsContext } from './ops-context.ts';
import { onceText } from './ops-form-fields.ts';
import { writeTenantLines } from './tenant-lines.ts';

export interface OpsBudgetDeps {
  budgets: BudgetDesk;
  reckoning: Reckoning;
  /** Configured class names. */
  classes: readonly string[];
}

/** What a form of the page has come to: what was typed, and what is to be said about it. */
export interface BudgetTrouble extends FormFaults {
  /** The number to be typed when the limit sinks below the present count; default: none. */
  confirm?: number;
  preview?: BudgetPreview;
}

/** What was done, as the page after it says; in the address by these names. */
export const DONE = {
  budget: 'The budget is set. It holds from the next request on.',
  raise: 'The limit is raised.',
  'raise-ended': 'The raise has ended. Whoever was let in by it is served.',
  frozen: 'It is frozen. No newcomer gets a token until the freeze is lifted.',
  lifted: 'The freeze is lifted. Newcomers are let in as far as the budget goes.',
} as const satisfies Record<string, string>;

/** The budget page, with what became of one of its forms, if anything. */
export async function sendBudgetPage(
  { budgets, reckoning, classes }: OpsBudgetDeps,
  { visitOf }: OpsContext,
  response: Response,
  faults: BudgetTrouble | null,
): Promise<void> {
  const { frame, search } = visitOf(response);
  const { service, operator } = frame.visitor;
  const { view, state } = await budgets.read(service);
  const done = Object.entries(DONE).find(([name]) => name === search.get('done'))?.[1] ?? null;
  const limit = view.effective.limit;
  const price =
    limit === null || !mayActAs(operator, 'finance')
      ? null
      : { dollars: costInDollars(reckoning.prices, limit), table: reckoning.prices.name };
  const { confirm = null, preview = null } = faults ?? {};
  response.send(
    buildBudgetPage({
      ...{ frame, classes, state, price, faults, done, confirm, preview },
      budget: { ...view, thresholds: [...view.thresholds] },
      tenantLines: writeTenantLines(view.tenants),
      once: onceText(),
    }),
  );
}

/** As a handler of a plain look at the page. */
export function budgetPage(deps: OpsBudgetDeps, context: OpsContext): RequestHandler {
  return context.page((_request, response) => sendBudgetPage(deps, context, response, null));
}
