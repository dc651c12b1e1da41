import type { DayRow, MonthSummary } from '../contract.ts';
import type { Month } from '../domain/month.ts';
import type { BudgetScope } from '../domain/refusal.ts';
import type { SetupFindings } from '../reconcile/newest-setup.ts';
import type { Reconciliation } from '../reconcile/reconciliation.ts';
import type { Forecast } from '../reports/forecast/read-forecast.ts';
import type { HygieneFinding } from '../reports/hygiene.ts';
import type { Origins } from '../reports/origins.ts';
import type { WasteReport } from '../reports/waste/read-waste.ts';
import type { Frame, Visitor } from './frame.ts';
import type { GatewayState } from './gateway-state.ts';

/** Everything the month page shows; building the page asks nobody anything. */
export interface MonthPageModel {
  frame: Frame & { visitor: Visitor };
  /** Ms since the epoch; decides which month is current and which day it is. */
  nowMs: number;
  /** With `cost` only when the operator may see money. */
  summary: ShownSummary;
  days: readonly DayRow[];
  /** Months to pick from, newest first, with the shown one among them. */
  months: readonly Month[];
  /** The month before, to compare with; null: nothing is known of it. With `cost` as `summary`. */
  previous: ShownSummary | null;
  /** Days of the month before; empty when nothing is known of it. */
  previousDays: readonly DayRow[];
  /** What Twilio's record of the month before said on the same day of it; null: nobody had read it. */
  previousTwilio: number | null;
  /** Which rows of the month are in the archive only, and cannot be saved as a file. */
  archived: { mints: boolean; people: boolean };
  /** Limits of single classes and tenants. */
  limits: readonly ScopeUse[];
  origins: Origins;
  /** Since when no new identities are admitted, ISO-8601, or null. */
  frozenSince: string | null;
  /** Class of guests. */
  guestClass: string;
  /** How to ask for a token: where, and with which login; shown while there was none yet. */
  example: TokenExample;
  /** How old the figures are when the ledger does not answer, s; null: they were just read. */
  ageSeconds: number | null;
  forecast: Forecast | null;
  /** Only for those who may see money. */
  waste: WasteReport | null;
  /** What the ledger shows to be wrong with the wiring. */
  findings: readonly HygieneFinding[];
  /** What was wrong with the setup at Twilio when somebody looked last; null: not known. */
  setup: SetupFindings | null;
  /** What holds the ledger, in a word. */
  store: GatewayState['store'];
  /** Only for those who may see what Twilio says. */
  reconciliation: Reconciliation | null;
}

export interface TokenExample {
  /** Where the gateway is reached, without a trailing slash. */
  url: string;
  /** An app login that works, or words in its place. */
  login: string;
}

/** A month's figures, of a month that is known to be one. */
export type ShownSummary = MonthSummary & { month: Month };

/** How far one limit of the budget is used. */
export interface ScopeUse {
  scope: BudgetScope;
  limit: number;
  used: number;
}
