import type { Identity } from '../../src/domain/identity.ts';
import { monthOf } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { planTokenLife } from '../../src/domain/token-life.ts';
import type { SpikeGuard } from '../../src/ledger/budget.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';

/** Mid-month, so that a token stays in it. */
export const NOW = Date.parse('2026-11-20T21:00:00.123Z');

/**
 * Admits so many people, one a second, under a budget of ten with a threshold at every tenth: as many alerts, and one
 * more when a spike guard trips.
 */
export async function fireAlerts(
  ledger: Ledger,
  people: number,
  spikeGuard: SpikeGuard | null = null,
): Promise<void> {
  await ledger.configureBudget(DEFAULT_SERVICE, monthOf(NOW), {
    mode: 'block',
    scopes: { all: 10 },
    reserve: {},
    priorities: { member: 0 },
    thresholds: [10, 20, 30, 40, 50, 60, 70, 80, 90, 100],
    spikeGuard,
  });
  for (let person = 0; person < people; person++) {
    await ledger.admit({
      service: DEFAULT_SERVICE,
      identity: `m_${person}` as Identity,
      className: 'member',
      tenant: null,
      intent: 'open_chat',
      rule: 'intent-allowed',
      life: planTokenLife(NOW + person * 1000, 3600, 0),
      policyMark: 1,
      knownOnly: false,
      needsReason: false,
      hidden: false,
    });
  }
}

/** How each alert stands at a target, newest first, such as `100 delivered 1`: threshold, state, attempts. */
export async function standing(ledger: Ledger, target: string): Promise<string[]> {
  const { items } = await ledger.alerts(DEFAULT_SERVICE, { after: null, limit: 100 });
  return items.map(({ threshold, deliveries }) => {
    const delivery = deliveries.find((one) => one.target === target);
    return `${threshold} ${delivery?.state ?? 'not offered'} ${delivery?.attempts ?? 0}`;
  });
}
