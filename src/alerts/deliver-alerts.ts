import type { Clock } from '../domain/clock.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { Alert, AlertBook, DeliveryResult, DueDelivery } from '../ledger/alert-book.ts';
import type { Budget } from '../ledger/budget.ts';
import type { LedgerSteering } from '../ledger/steering.ts';
import type { AlertEventSink, AlertNotice, AlertTarget, SendOutcome } from './ports.ts';
import { settleAttempt } from './settle-attempt.ts';

export interface AlertDeliveryDeps {
  ledger: Pick<AlertBook, 'takeDeliveries' | 'settleDelivery'> & Pick<LedgerSteering, 'limits'>;
  services: readonly ServiceName[];
  /** Names are unique. */
  targets: readonly AlertTarget[];
  /** Pause after a round in which nothing was due, ms. */
  pollMs: number;
  clock: Clock;
  /** Resolves after so many ms, or at once when the signal fires; never rejects. */
  sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** From 0 to below 1. */
  random: () => number;
  onEvent: AlertEventSink;
}

export interface AlertDelivery {
  start(): void;
  /** Starts nothing more, gives attempts in flight a moment to end, and releases those that do not. */
  stop(): Promise<void>;
}

/** Beyond a target's own deadline, for writing down how the attempt ended. */
const LEASE_MARGIN_MS = 15_000;
const SETTLE_TRIES = 3;
const SETTLE_PAUSE_MS = 1_000;
/** How long attempts in flight may go on after a stop. */
const GRACE_MS = 3_000;
/**
 * A target that is new is not flooded with history. An alert that came while it was known is sent however old it is: its
 * instant is that of the evidence, which may come late.
 */
const AGE_MAX_MS = 7 * 86_400_000;
const TOO_OLD = 'too old when it was first due here';

/**
 * Takes alerts from the ledger's outbox and sends them, at least once each, on whichever gateway comes first.
 *
 * Every target has a loop of its own, so that one that hangs delays no other, and gets its alerts one after the
 * other, oldest first. What a gateway held when it died comes back when the lease ends; nothing is kept in memory.
 */
export function createAlertDelivery(deps: AlertDeliveryDeps): AlertDelivery {
  const { ledger, services, targets, clock, sleep, onEvent } = deps;
  const stopping = new AbortController();
  const cutting = new AbortController();
  let loops: Promise<void>[] = [];

  async function serve(target: AlertTarget): Promise<void> {
    let stalled = false;
    while (!stopping.signal.aborted) {
      try {
        await deliverDue(target);
        if (stalled) onEvent({ kind: 'resumed', target: target.name });
        stalled = false;
      } catch (failure) {
        if (!stalled) onEvent({ kind: 'stalled', target: target.name, failure });
        stalled = true;
      }
      await sleep(deps.pollMs, stopping.signal);
    }
  }

  /** Until nothing is due; a service at a time, so that none waits for another's backlog, nor for one that fails. */
  async function deliverDue(target: AlertTarget): Promise<void> {
    const failures = new Map<ServiceName, unknown>();
    let found = true;
    while (found) {
      found = false;
      for (const service of services) {
        if (stopping.signal.aborted) return;
        if (failures.has(service)) continue;
        try {
          found = (await deliverNext(target, service)) || found;
        } catch (failure) {
          failures.set(service, failure);
        }
      }
    }
    for (const failure of failures.values()) throw failure;
  }

  async function deliverNext(target: AlertTarget, service: ServiceName): Promise<boolean> {
    const [due] = await ledger.takeDeliveries(service, {
      targets: [target.name],
      now: clock.now(),
      leaseMs: target.timeoutMs + LEASE_MARGIN_MS,
      // Taking more than is sent at once would let leases lapse behind a slow target.
      max: 1,
    });
    if (due === undefined) return false;
    if (isHistory(due, clock.now())) {
      await settle(service, due, { at: clock.now(), state: 'skipped', dueAt: null, error: TOO_OLD });
      onEvent({ kind: 'skipped', service, alertId: due.alert.id, target: target.name });
      return true;
    }

    let failure: unknown;
    const outcome = await attempt(target, service, due, (error) => {
      failure = error;
    });
    const attempts = due.attempts + 1;
    const result = settleAttempt(outcome, {
      attempts,
      attemptsMax: target.maxAttempts,
      nowMs: clock.now(),
      random: deps.random(),
    });
    await settle(service, due, result);
    const { state, dueAt, error } = result;
    onEvent({
      ...{
        kind: 'attempt',
        service,
        alertId: due.alert.id,
        target: target.name,
        state,
        attempts,
        dueAt,
        error,
      },
      ...(failure === undefined ? {} : { failure }),
    });
    return true;
  }

  async function attempt(
    target: AlertTarget,
    service: ServiceName,
    { alert }: DueDelivery,
    onDefect: (error: unknown) => void,
  ): Promise<SendOutcome> {
    const nowMs = clock.now();
    const { budget } = await ledger.limits(service, alert.month);
    try {
      return await target.send({ service, alert, mode: modeAt(alert.budget, budget) }, nowMs, cutting.signal);
    } catch (error) {
      onDefect(error);
      return { outcome: 'failed', error: 'a defect of the gateway', retryAfterMs: null };
    }
  }

  /** An attempt that is not written down is made again: worth more than one try. */
  async function settle(service: ServiceName, due: DueDelivery, result: DeliveryResult): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        return await ledger.settleDelivery(service, due.alert.id, due.target, result);
      } catch (error) {
        if (tries === SETTLE_TRIES) throw error;
        await sleep(SETTLE_PAUSE_MS, cutting.signal);
      }
    }
  }

  return {
    start() {
      if (loops.length > 0 || stopping.signal.aborted) return;
      loops = targets.map((target) => serve(target));
    },
    async stop() {
      stopping.abort();
      const ended = new AbortController();
      const all = Promise.all(loops).finally(() => ended.abort());
      await Promise.race([all, sleep(GRACE_MS, ended.signal)]);
      cutting.abort();
      await all;
    },
  };
}

function isHistory({ alert, attempts, precedesTarget }: DueDelivery, nowMs: number): boolean {
  return precedesTarget && attempts === 0 && nowMs - alert.at > AGE_MAX_MS;
}

/** The spike guard has a mode of its own, and is as silent as the budget is when that is off. */
function modeAt(name: Alert['budget'], budget: Budget | null): AlertNotice['mode'] {
  if (name !== 'new-per-hour' || budget === null || budget.mode === 'off') return budget?.mode ?? null;
  return budget.spikeGuard?.mode ?? null;
}
