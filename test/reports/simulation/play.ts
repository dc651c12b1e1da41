import type { Identity } from '../../../src/domain/identity.ts';
import { type Month, monthEndSeconds, monthStartSeconds, parseMonth } from '../../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../../src/domain/service-name.ts';
import { planTokenLife } from '../../../src/domain/token-life.ts';
import type { Budget } from '../../../src/ledger/budget.ts';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { decide } from '../../../src/policy/decide.ts';
import { NO_HINTS, type Policy } from '../../../src/policy/policy.ts';

export const MONTH = parseMonth('2026-11') as Month;
export const CLASSES = ['member', 'guest', 'agent'];

/** One thing that happens in a month: somebody asks for a token, or evidence comes in. */
export type Act = {
  person: number;
  className: string;
  tenant: string | null;
  /** Whole seconds since the epoch. */
  at: number;
} & ({ kind: 'ask'; intent: string; hidden: boolean } | { kind: 'evidence' });

export function budgetOf(parts: Partial<Budget>): Budget {
  return {
    ...{ mode: 'block', scopes: {}, reserve: {}, thresholds: [50, 100], spikeGuard: null },
    priorities: { member: 0, guest: 0, agent: 1 },
    ...parts,
  };
}

/** Plays acts in their order on a ledger, deciding as the issuing path does. Answers the refusals by code. */
export async function play(
  ledger: Ledger,
  acts: readonly Act[],
  policy: Policy,
): Promise<Record<string, number>> {
  const refused: Record<string, number> = {};
  for (const act of acts) {
    const code = await playOne(ledger, act, policy);
    if (code !== null) refused[code] = (refused[code] ?? 0) + 1;
  }
  return refused;
}

let marks = 0;

async function playOne(ledger: Ledger, act: Act, policy: Policy): Promise<string | null> {
  const { className, tenant, at } = act;
  const identity = `p${act.person}` as Identity;
  if (act.kind === 'evidence') {
    const evidence = { identity, className, signal: 'joined', source: 'webhook' } as const;
    await ledger.record(DEFAULT_SERVICE, [{ ...evidence, at: at * 1000 }]);
    return null;
  }
  const question = {
    ...({ intent: act.intent, className, via: 'bearer', hints: NO_HINTS } as const),
    tabState: act.hidden ? ('hidden' as const) : null,
    secondsToMonthTurn: Math.min(at - monthStartSeconds(MONTH), monthEndSeconds(MONTH) - at),
  };
  const { answer } = decide(question, policy);
  if (answer.outcome === 'refused') return answer.code;
  const { rule, knownOnly, needsReason } = answer;
  const admitted = await ledger.admit({
    ...{ service: DEFAULT_SERVICE, identity, className, tenant, intent: act.intent },
    ...{ rule, knownOnly, needsReason, hidden: act.hidden },
    life: planTokenLife(at * 1000, 300, 0),
    // Each mint under another mark, so that every request that is served stands in the log.
    policyMark: ++marks % 0xff_ffff,
  });
  return admitted.outcome === 'refused' ? admitted.code : null;
}
