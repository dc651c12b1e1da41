import {
  type AlertDelivery,
  type AlertDeliveryDeps,
  createAlertDelivery,
} from '../../src/alerts/deliver-alerts.ts';
import type { AlertEvent, AlertNotice, AlertTarget, SendOutcome } from '../../src/alerts/ports.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import type { SettableClock } from '../support/clock.ts';

const POLL_MS = 5_000;

export interface TestTarget extends AlertTarget {
  /** What was sent, in order. */
  sent: AlertNotice[];
  /** How the next attempts end. */
  answer: (notice: AlertNotice, signal: AbortSignal) => SendOutcome | Promise<SendOutcome>;
}

export function testTarget(name: string, options: Partial<AlertTarget> = {}): TestTarget {
  const target: TestTarget = {
    ...{ name, timeoutMs: 5_000, maxAttempts: 3, sent: [] },
    answer: () => ({ outcome: 'delivered' }),
    send: async (notice, _nowMs, signal) => {
      target.sent.push(notice);
      return target.answer(notice, signal);
    },
    ...options,
  };
  return target;
}

export const FAILED: SendOutcome = { outcome: 'failed', error: 'answered 500', retryAfterMs: null };

export interface DeliveryKit {
  delivery: AlertDelivery;
  events: AlertEvent[];
  /** Resolves when so many loops have nothing more to do and pause; default: all. */
  idle(loops?: number): Promise<void>;
  /** Ends the pauses of all loops and waits until they pause again. */
  nextRound(): Promise<void>;
}

/** A delivery whose pauses end when the test says so. */
export function deliveryKit(
  ledger: Ledger,
  targets: readonly AlertTarget[],
  clock: SettableClock,
  overrides: Partial<AlertDeliveryDeps> = {},
): DeliveryKit {
  const events: AlertEvent[] = [];
  let pauses: (() => void)[] = [];
  const idle = async (loops = targets.length) => {
    const deadline = performance.now() + 10_000;
    while (pauses.length < loops) {
      if (performance.now() > deadline) throw new Error(`${pauses.length} of ${loops} loops came to rest`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  const delivery = createAlertDelivery({
    ledger,
    services: [DEFAULT_SERVICE],
    targets,
    pollMs: POLL_MS,
    clock,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => resolve(), { once: true });
        if (signal.aborted) resolve();
        else if (ms === POLL_MS) pauses.push(resolve);
        else setTimeout(resolve, ms / 20);
      }),
    random: () => 0.5,
    onEvent: (event) => events.push(event),
    ...overrides,
  });
  return {
    delivery,
    events,
    idle,
    nextRound: async () => {
      const ended = pauses;
      pauses = [];
      for (const end of ended) end();
      await idle(ended.length);
    },
  };
}
