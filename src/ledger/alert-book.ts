import type { Month } from '../domain/month.ts';
import type { BudgetName } from '../domain/refusal.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { Page, PageRequest } from './page.ts';

/** A threshold of a budget was reached, or left again because an operator raised the limit. */
export interface Alert {
  /** A number that counts up. */
  id: string;
  /** ms since the epoch. */
  at: number;
  month: Month;
  /** `forecast`: nothing is reached yet, but the month is thought to end at or above the whole limit. */
  budget: BudgetName | 'forecast';
  /** Percent of the limit. */
  threshold: number;
  /** `firing`: the first threshold of this budget. `escalated`: a higher one. `recovered`: below it again. */
  state: 'firing' | 'escalated' | 'recovered';
  limit: number;
  /** Identities; for `forecast` those that the month is thought to end with. */
  used: number;
}

/** A month is thought to end with as many identities as its limit, or more. */
export interface ForecastCrossing {
  month: Month;
  /** ms since the epoch, within the month. */
  at: number;
  /** Of the whole service. */
  limit: number;
  /** Identities at the month's end. */
  forecast: number;
}

/** What became of an alert at one target. */
export interface Delivery {
  target: string;
  /** `skipped`: never sent, because the target was new and the alert was old by then. */
  state: 'pending' | 'delivered' | 'given-up' | 'skipped';
  attempts: number;
  /** Of the last attempt, ms since the epoch; null before the first. */
  lastAttemptAt: number | null;
  /** When the next attempt is due, ms since the epoch; null when none is. */
  dueAt: number | null;
  /** Why the last attempt failed; null when it did not. */
  error: string | null;
}

export interface DueDelivery {
  alert: Alert;
  target: string;
  /** Attempts made before this one. */
  attempts: number;
  /** Whether the alert was there before the target was first named. */
  precedesTarget: boolean;
}

export interface DeliveryResult {
  /** ms since the epoch. */
  at: number;
  state: Delivery['state'];
  /** For `pending`: when to try again, ms since the epoch. */
  dueAt: number | null;
  error: string | null;
}

/**
 * Alerts and their outbox. An alert is written in the step that reached its threshold, once on all gateways
 * together, so that none is lost with a gateway.
 */
export interface AlertBook {
  /** Newest first, with deliveries. */
  alerts(service: ServiceName, page: PageRequest): Promise<Page<Alert & { deliveries: readonly Delivery[] }>>;

  /**
   * Writes the alert of a forecast, once a month on all gateways together, whatever becomes of the limit.
   *
   * @returns false when it was written before
   */
  foretell(service: ServiceName, crossing: ForecastCrossing): Promise<boolean>;

  /**
   * Takes up to `max` due deliveries, oldest alert first, and hides them from every other gateway until
   * `now + leaseMs`; a gateway that dies meanwhile loses none. Every alert is due at once at every target named
   * here that it was not offered to before. Naming a target makes it known, also while there is no alert.
   */
  takeDeliveries(
    service: ServiceName,
    take: { targets: readonly string[]; now: number; leaseMs: number; max: number },
  ): Promise<DueDelivery[]>;

  /** Writes down how an attempt ended, or that none is made (`skipped`), which counts as no attempt. */
  settleDelivery(
    service: ServiceName,
    alertId: string,
    target: string,
    result: DeliveryResult,
  ): Promise<void>;
}
