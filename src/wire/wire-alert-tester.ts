import type { Settings } from '../config/settings.ts';
import type { Clock } from '../domain/clock.ts';
import { sendTestMessage } from '../notify/send-test-message.ts';
import type { AlertTester } from '../ops/alert-tests.ts';

/** Whoever waits for a page waits no longer than this for one target, ms. */
const PATIENCE_MS = 10_000;

/** Test messages to the configured targets, at the same time. */
export function wireAlertTester(
  { alerts, publicUrl }: Pick<Settings, 'alerts' | 'publicUrl'>,
  clock: Clock,
): AlertTester {
  return {
    targets: alerts.targets.map(({ name }) => name),
    send: () =>
      Promise.all(
        alerts.targets.map(async (target) => {
          const timeoutMs = Math.min(target.timeoutMs, PATIENCE_MS);
          const signal = new AbortController().signal;
          const sent = await sendTestMessage({ ...target, timeoutMs, publicUrl }, clock.now(), signal);
          return { target: target.name, error: sent.outcome === 'delivered' ? null : sent.error };
        }),
      ),
  };
}
