import type { Identity } from '../../src/domain/identity.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import type { Signal } from '../../src/domain/signal.ts';
import { planTokenLife } from '../../src/domain/token-life.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';

const DAY_MS = 86_400_000;

/** The same every time: 31 lively days of October and 20 of November 2026, with guests and all signals. */
export async function fillMonths(ledger: Ledger): Promise<void> {
  const random = seeded(7);
  for (const [start, days, grows] of [
    ['2026-10-01T08:00:00Z', 31, 13],
    ['2026-11-01T08:00:00Z', 20, 17],
  ] as const) {
    for (let day = 0; day < days; day++) {
      const at = Date.parse(start) + day * DAY_MS;
      const newcomers = Math.max(2, Math.round(grows * (1.6 - day / days) * (0.6 + 0.8 * random())));
      for (let one = 0; one < newcomers; one++) await arrive(ledger, at + one * 60_000, random);
      await ledger.countRefusal(DEFAULT_SERVICE, 'lazy-connect-required', at);
    }
  }
}

async function arrive(ledger: Ledger, at: number, random: () => number): Promise<void> {
  const isGuest = random() < 0.25;
  const identity = `${isGuest ? 'g' : 'm'}_${Math.floor(random() * 1e12).toString(36)}` as Identity;
  const className = isGuest ? 'guest' : 'member';
  await ledger.admit({
    ...{ service: DEFAULT_SERVICE, identity, className, tenant: null, intent: 'open_chat' },
    ...{ rule: 'intent-allowed', life: planTokenLife(at, 3600, 0), policyMark: 1 },
    ...{ knownOnly: false, needsReason: false, hidden: random() < 0.08 },
  });
  const acts: [Signal, number][] = [
    ['connected', 0.85],
    ['joined', 0.7],
    ['messaged', 0.6],
    ['read', 0.5],
  ];
  const evidence = acts
    .filter(([, share]) => random() < share)
    .map(([signal], index) => ({
      identity,
      signal,
      at: at + 1_000 * (index + 1),
      source: 'beacon' as const,
      className,
    }));
  await ledger.record(DEFAULT_SERVICE, evidence);
  if (evidence.some(({ signal }) => signal === 'connected'))
    await ledger.countBeacons(DEFAULT_SERVICE, 1, at);
}

/** Park and Miller's generator. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
