import type { BudgetAnswer } from '../contract/steering.ts';
import type { Month } from '../domain/month.ts';
import type { BudgetPreview } from '../reports/simulation/preview-budget.ts';
import type { FormFaults } from './forms.ts';
import type { Frame, Visitor } from './frame.ts';

/** Everything the budget page shows. */
export interface BudgetPageModel {
  frame: Frame & { visitor: Visitor };
  budget: BudgetAnswer & { month: Month };
  /** Configured class names; each may have a limit and places of its own. */
  classes: readonly string[];
  /** Limits of tenants as the form shows them, a line each. */
  tenantLines: string;
  /** Names the limits as they are; a write rests on them. */
  state: string;
  /** What the whole budget may cost, US dollars, with the name of the table; null for those who may not see money. */
  price: { dollars: number; table: string } | null;
  /** What was typed, with what was wrong about it, if anything. */
  faults: FormFaults | null;
  /** What the typed budget would have done to the month before; null: nobody asked. */
  preview: BudgetPreview | null;
  /** The number to be typed when the limit sinks below the present count, else null. */
  confirm: number | null;
  /** What was just done, or null. */
  done: string | null;
  /** A random text: the same form sent twice is one write. */
  once: string;
}
