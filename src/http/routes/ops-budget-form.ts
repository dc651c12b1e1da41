import type { Request, Response } from 'express';
import type { z } from 'zod';
import { budgetWriteSchema } from '../../contract/steering.ts';
import { amountOf } from '../../domain/amount-of.ts';
import type { Clock } from '../../domain/clock.ts';
import { monthOf } from '../../domain/month.ts';
import type { Reckoning } from '../../domain/reckoning.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import { type ClassRanks, parseBudgetInput } from '../../ledger/budget-input.ts';
import type { LedgerReader } from '../../ledger/ledger.ts';
import { countText } from '../../ops/words.ts';
import { type BudgetPreview, previewBudget } from '../../reports/simulation/preview-budget.ts';
import type { BudgetDesk } from '../../steering/budget-desk.ts';
import type { BudgetView } from '../../steering/budget-view.ts';
import { goneSignal } from '../gone-signal.ts';
import { createOneAtATime } from '../one-at-a-time.ts';
import { isProblem } from '../problem.ts';
import type { BudgetTrouble } from './ops-budget.ts';
import type { OpsContext } from './ops-context.ts';
import { fieldsOf, isRefusal, parseForm, sentencesOf, termsOf, wholeOf } from './ops-form-fields.ts';
import type { FormEnd } from './ops-steering-forms.ts';
import { readTenantLines } from './tenant-lines.ts';

export interface OpsBudgetFormDeps {
  ledger: LedgerReader;
  clock: Clock;
  budgets: BudgetDesk;
  ranks: ClassRanks;
  /** Names of the configured intents. */
  intents: readonly string[];
  reckoning: Reckoning;
}

type Typed = Readonly<Record<string, string>>;
type BudgetWrite = z.infer<typeof budgetWriteSchema>;

const FIELDS = [
  ...(['limit', 'mode', 'thresholds', 'tenants', 'spike.factor', 'spike.minimum', 'spike.mode'] as const),
  ...(['reason', 'confirm', 'state', 'once', 'act'] as const),
] as const;

/** Sets the budget as it was typed, or tries it on the month before. */
export function createBudgetForm(deps: OpsBudgetFormDeps, { visitOf }: OpsContext) {
  const { ledger, clock, budgets, ranks, intents, reckoning } = deps;
  const classes = Object.keys(ranks.priorities);
  const alone = createOneAtATime('Another budget is being tried; ask again when that is over.');
  const names = [...FIELDS, ...classes.flatMap((name) => [`limit.${name}`, `reserve.${name}`])];

  return async (request: Request, response: Response): Promise<FormEnd<BudgetTrouble>> => {
    const typed = fieldsOf(request, names) as Typed & Record<(typeof FIELDS)[number], string>;
    const { frame } = visitOf(response);
    const { service, operator } = frame.visitor;
    const { view } = await budgets.read(service);
    const isTrial = typed.act === 'preview';
    const trouble: BudgetTrouble = { form: 'budget', typed, faults: [] };
    const reason = isTrial && typed.reason.trim() === '' ? 'tried' : typed.reason;
    const isSent = (name: string) => typeof (request.body as Typed | undefined)?.[name] === 'string';
    const tenants = isSent('tenants')
      ? readTenantLines(typed.tenants, view.tenants)
      : { limits: { ...view.tenants } };
    const input = parseForm(budgetWriteSchema, {
      ...merge(view, typed, isSent, classes),
      ...('limits' in tenants && { tenants: tenants.limits }),
      reason,
    });
    if ('faults' in tenants || 'faults' in input) {
      const faults = [tenants, input].flatMap((read) => ('faults' in read ? read.faults : []));
      return { trouble: { ...trouble, faults } };
    }
    if (isTrial) return preview(service, input.value, trouble, response);

    const { limit } = input.value;
    if (limit !== null && limit < view.used && typed.confirm.trim() !== String(limit)) {
      const effect = typed.mode === 'block' ? 'Nobody new gets in then. ' : '';
      const counted = amountOf(view.used, 'identity is', 'identities are');
      const fault = `${counted} counted already, more than ${countText(limit)}. ${effect}They stay served.`;
      return { trouble: { ...trouble, faults: [fault], confirm: limit } };
    }
    const { state, once, reason: why } = typed;
    const fields = { ...typed, once, reason: why };
    const terms = termsOf({ request, response, operator, nowMs: clock.now(), fields, ifMatch: [state] });
    const written = await budgets.set(service, input.value, terms);
    if (!isRefusal(written)) return { done: 'budget' };
    return { trouble: { ...trouble, faults: sentencesOf(written) }, refusal: written };
  };

  async function preview(
    service: ServiceName,
    input: BudgetWrite,
    trouble: BudgetTrouble,
    response: Response,
  ): Promise<FormEnd<BudgetTrouble>> {
    const budget = parseBudgetInput(input, ranks);
    if (Array.isArray(budget)) {
      const faults = budget.map(({ pointer, detail }) => `${pointer.slice(1)}: ${detail}`);
      return { trouble: { ...trouble, faults } };
    }
    const nowMs = clock.now();
    const signal = goneSignal(response);
    const found = await alone(() =>
      previewBudget(ledger, {
        ...{ service, budget, classes, intents, reckoning, nowMs, signal },
        month: monthOf(nowMs),
      }),
    ).catch((error: unknown): BudgetPreview | null => {
      if (signal.aborted) return null;
      throw error;
    });
    if (found === null) return { gone: true };
    if (isProblem(found)) return { trouble: { ...trouble, faults: [String(found.detail)] } };
    return { shown: { ...trouble, preview: found } };
  }
}

/** The present budget with what the form says; a field that was not sent leaves its part as it is. */
function merge(
  view: BudgetView,
  typed: Typed,
  isSent: (name: string) => boolean,
  classes: readonly string[],
): object {
  const textOf = (name: string) => (typed[name] ?? '').trim();
  const byClass = (part: 'limit' | 'reserve', present: Readonly<Record<string, number>>) => {
    const numbers: Record<string, number> = { ...present };
    for (const name of classes) {
      if (!isSent(`${part}.${name}`)) continue;
      delete numbers[name];
      const text = textOf(`${part}.${name}`);
      if (text !== '') numbers[name] = wholeOf(text);
    }
    return numbers;
  };
  const thresholds = textOf('thresholds');
  return {
    ...view,
    limit: textOf('limit') === '' ? null : wholeOf(textOf('limit')),
    mode: typed['mode'],
    classes: byClass('limit', view.classes),
    reserve: byClass('reserve', view.reserve),
    ...(isSent('spike.mode') && { spikeGuard: readSpikeGuard(textOf) }),
    ...(isSent('thresholds') && {
      thresholds:
        thresholds === ''
          ? []
          : thresholds
              .split(/[\s,;%]+/)
              .filter(Boolean)
              .map(wholeOf),
    }),
  };
}

/** Null where it is switched off; what is no number is left to the schema to refuse. */
function readSpikeGuard(textOf: (name: string) => string): object | null {
  const mode = textOf('spike.mode');
  if (mode === 'off') return null;
  const factor = textOf('spike.factor');
  return {
    factor: /^\d{1,4}(\.\d{1,6})?$/.test(factor) ? Number(factor) : Number.NaN,
    minimum: wholeOf(textOf('spike.minimum')),
    mode,
  };
}
