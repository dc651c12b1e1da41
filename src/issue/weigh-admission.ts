import { countOf } from '../domain/count-of.ts';
import { type Month, monthEndSeconds, monthStartSeconds } from '../domain/month.ts';
import type { Refusal } from '../domain/refusal.ts';
import { CLOCK_MARGIN_SECONDS, SHORTEST_LIFE_SECONDS, type TokenLife } from '../domain/token-life.ts';
import type { AdmissionPreview, MonthPreview } from '../ledger/admission-preview.ts';
import { type BudgetCheck, checkBudget, type Fill } from '../ledger/budget-rules.ts';
import type { AdmitRequest } from '../ledger/ledger.ts';
import { ledgerRefusals } from '../ledger/replies.ts';

/** What one month says to an admission, and why. */
export interface MonthVerdict {
  month: Month;
  /** True for somebody the month has counted: served whatever the budget. */
  known: boolean;
  /** Whether last month's record, or an unread message, gives a reason to connect. */
  reason: boolean;
  /** Since when no newcomers are admitted, ISO-8601, or null. */
  frozenSince: string | null;
  mode: 'off' | 'warn' | 'block' | null;
  /** Every limit that bears on the newcomer, in the order in which they are asked; none for somebody known. */
  checks: readonly BudgetCheck[];
  /** Null: the month takes them. */
  refusal: Refusal | null;
}

/** What the ledger would answer, reckoned from a preview. */
export interface Weighed {
  months: readonly MonthVerdict[];
  /** Null: admitted. */
  refusal: Refusal | null;
  /** End of the token, whole seconds since the epoch; null when refused. */
  expiresAt: number | null;
}

/** Weighs an admission as `admit` decides it: the same rules in the same order over the same numbers. */
export function weighAdmission(ask: AdmitRequest, preview: AdmissionPreview): Weighed {
  const months = preview.months.map((month) => weighMonth(ask, month));
  const refuse = (refusal: Refusal): Weighed => ({ months, refusal, expiresAt: null });
  if (preview.adopted) return refuse(ledgerRefusals.adopted());
  if (preview.blocked) return refuse(ledgerRefusals.blocked());
  const [here, other] = months;
  if (here === undefined) throw new Error('a token touches at least one month');
  if (here.refusal !== null) return refuse(here.refusal);
  const refusal = other?.refusal ?? null;
  if (refusal === null) return { months, refusal, expiresAt: ask.life.expiresAt };
  const expiresAt = cutBefore(ask.life);
  return expiresAt === null ? refuse(refusal) : { months, refusal: null, expiresAt };
}

function weighMonth(ask: AdmitRequest, preview: MonthPreview): MonthVerdict {
  const { month, record, reason, limits } = preview;
  const known = record !== null;
  const at = Math.min(Math.max(ask.life.issuedAt, monthStartSeconds(month)), monthEndSeconds(month) - 1);
  const newcomer = { className: ask.className, tenant: ask.tenant, at };
  const checks = known ? [] : checkBudget({ ...limits, month }, newcomer, fillOf(preview));
  return {
    month,
    known,
    reason,
    frozenSince: limits.frozenSince,
    mode: limits.budget?.mode ?? null,
    checks,
    refusal: known ? null : refuseNewcomer(ask, preview, checks, at),
  };
}

function refuseNewcomer(
  { intent, knownOnly, needsReason }: AdmitRequest,
  { month, reason, limits }: MonthPreview,
  checks: readonly BudgetCheck[],
  at: number,
): Refusal | null {
  if (knownOnly) return ledgerRefusals.knownOnly(intent);
  if (needsReason && !reason) return ledgerRefusals.noReason();
  if (limits.frozenSince !== null) return ledgerRefusals.frozen(limits.frozenSince);
  const failed = checks.find(({ passes, blocks }) => !passes && blocks);
  return failed === undefined ? null : ledgerRefusals.exhausted({ ...failed, month, at });
}

function fillOf({ all, byClass, byTenant, newThisHour }: MonthPreview): Fill {
  return {
    all: () => all,
    ofClass: (className) => countOf(byClass, className),
    ofTenant: (tenant) => countOf(byTenant, tenant),
    newThisHour: () => newThisHour,
  };
}

/** When the token must end because a later month refuses its holder; null when that leaves no token at all. */
function cutBefore({ issuedAt, month, otherMonth }: TokenLife): number | null {
  if (otherMonth === null || otherMonth < month) return null;
  const cut = monthEndSeconds(month) - CLOCK_MARGIN_SECONDS;
  return cut - issuedAt >= SHORTEST_LIFE_SECONDS ? cut : null;
}
