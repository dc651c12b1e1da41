import type { ServiceName } from '../domain/service-name.ts';
import type { Alert, Delivery } from '../ledger/alert-book.ts';
import type { Budget } from '../ledger/budget.ts';

/** What a target is told. The same at every attempt, but for `mode`. */
export interface AlertNotice {
  service: ServiceName;
  alert: Alert;
  /** What happens at the limit, as of this attempt, by the budget or the spike guard; null without one. */
  mode: Budget['mode'] | null;
}

/** How one attempt ended. `error` is short, for operators, and never holds an address or a secret. */
export type SendOutcome =
  | { outcome: 'delivered' }
  | {
      outcome: 'failed';
      error: string;
      /** How long the target asked us to wait, ms; null when it did not. */
      retryAfterMs: number | null;
    }
  /** By the signal, so that nobody knows whether the target has it. Says nothing about the target. */
  | { outcome: 'cut-off'; error: string }
  /** The target wants no more of this. */
  | { outcome: 'unwanted'; error: string };

/** Somewhere that alerts go. */
export interface AlertTarget {
  /** Stable: deliveries are remembered under it. */
  name: string;
  /** Deadline of one attempt, ms. */
  timeoutMs: number;
  /** Attempts before an alert is given up, at least 1. */
  maxAttempts: number;
  /**
   * Sends once and answers within `timeoutMs`, or soon after the signal. Receivers can tell repeats by an id that
   * is the same at every attempt.
   *
   * @param nowMs ms since the epoch
   */
  send(notice: AlertNotice, nowMs: number, signal: AbortSignal): Promise<SendOutcome>;
}

/** What an attempt leads to; what is skipped is not attempted. */
export type AttemptState = Exclude<Delivery['state'], 'skipped'>;

/** What the delivery of alerts tells the log and the metrics. */
export type AlertEvent =
  | {
      kind: 'attempt';
      service: ServiceName;
      alertId: string;
      target: string;
      state: AttemptState;
      /** With this one. */
      attempts: number;
      /** When the next attempt is due, ms since the epoch, or null. */
      dueAt: number | null;
      error: string | null;
      /** Set when the attempt failed by a defect of ours. */
      failure?: unknown;
    }
  /** Not sent, and not to be: older than what a new target is told. Nobody missed anything. */
  | { kind: 'skipped'; service: ServiceName; alertId: string; target: string }
  /** The ledger cannot be asked for this target's alerts, of one service at least; told once, until `resumed`. */
  | { kind: 'stalled'; target: string; failure: unknown }
  | { kind: 'resumed'; target: string };

/** Takes each event once. Must not throw. */
export type AlertEventSink = (event: AlertEvent) => void;
