import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { monthStartSeconds, previousMonth } from '../../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../../src/domain/service-name.ts';
import type { Budget, Raise } from '../../../src/ledger/budget.ts';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { openSqliteLedger } from '../../../src/ledger/sqlite/open-sqlite-ledger.ts';
import type { IntentRule, Policy } from '../../../src/policy/policy.ts';
import { simulateMonth } from '../../../src/reports/simulation/simulate-month.ts';
import type { TrialPolicy } from '../../../src/reports/simulation/trial-policy.ts';
import { RECKONING } from '../shipped.ts';
import { type Act, budgetOf, CLASSES, MONTH, play } from './play.ts';

const START = monthStartSeconds(MONTH);
const OPEN: Policy = {
  intents: { open_chat: 'allow', notification: 'allow', refresh: 'known-only' },
  ...{ shadow: [], requireOrigin: false, crawlers: true, monthTurnQuietSeconds: 900 },
};

async function withLedger<Result>(use: (ledger: Ledger) => Promise<Result>): Promise<Result> {
  const ledger = openSqliteLedger({ path: ':memory:' });
  try {
    return await use(ledger);
  } finally {
    await ledger.close();
  }
}

function simulate(ledger: Ledger, trial: TrialPolicy) {
  const nowMs = Date.parse('2026-12-02T00:00:00Z');
  const { signal } = new AbortController();
  return simulateMonth(ledger, {
    service: DEFAULT_SERVICE,
    month: MONTH,
    trial,
    classes: CLASSES,
    reckoning: RECKONING,
    nowMs,
    signal,
  });
}

function ask(person: number, day: number, parts: Partial<Act & { kind: 'ask' }> = {}): Act {
  const at = START + day * 86_400;
  return {
    ...{ kind: 'ask', person, className: 'member', tenant: null, at, intent: 'open_chat', hidden: false },
    ...parts,
  } as Act;
}

/** What happened under no limits at all, tried under a policy. */
function tryOut(acts: readonly Act[], trial: Partial<TrialPolicy>) {
  return withLedger(async (ledger) => {
    await play(ledger, acts, OPEN);
    return simulate(ledger, { policy: OPEN, budget: null, raises: [], ...trial });
  });
}

describe('a simulated month', () => {
  it('is the recorded one under the recorded policy', async () => {
    const { simulated, recorded, notes } = await tryOut([ask(1, 1), ask(2, 2), ask(1, 3)], {});
    const { warned, ...outcome } = simulated;
    expect(outcome).toEqual(recorded);
    expect(warned).toBe(0);
    expect(recorded).toMatchObject({
      ...{ identities: { total: 2, byClass: { member: 2 } }, minted: 3, refused: {} },
      cost: { low: 0, high: 0.1, currency: 'USD', table: 'flat' },
    });
    expect(notes.join(' ')).toContain('not in the log');
  });

  it('refuses newcomers over the limit and goes on serving those counted', async () => {
    const acts = [ask(1, 1), ask(2, 2), ask(1, 3), ask(2, 4), ask(3, 5)];
    const { simulated } = await tryOut(acts, { budget: budgetOf({ scopes: { all: 1 } }) });
    expect(simulated).toMatchObject({
      ...{ identities: { total: 1 }, minted: 2, refused: { 'mau-budget-exhausted': 3 } },
      cost: { high: 0.05 },
    });
  });

  it('counts whom a budget that only warns would refuse', async () => {
    const budget = budgetOf({ mode: 'warn', scopes: { all: 1 } });
    const { simulated } = await tryOut([ask(1, 1), ask(2, 2), ask(3, 3), ask(3, 4)], { budget });
    expect(simulated).toMatchObject({ identities: { total: 3 }, minted: 4, refused: {}, warned: 2 });
  });

  it('keeps places for classes, and takes raises from when they were made until they end', async () => {
    const raise: Raise = {
      ...{ id: 'r', month: MONTH, scope: 'all', identities: 1, reason: 'x', by: 'y' },
      ...{ createdAt: START + 2 * 86_400, expiresAt: START + 4 * 86_400 },
    };
    const budget = budgetOf({ scopes: { all: 2 }, reserve: { agent: 1 } });
    const acts = [ask(1, 1), ask(2, 1), ask(3, 2), ask(4, 3), ask(5, 4), ask(6, 5, { className: 'agent' })];
    const { simulated } = await tryOut(acts, { budget, raises: [raise] });
    expect(simulated.identities).toEqual({ total: 2, byClass: { member: 2 } });
    expect(simulated.refused).toEqual({ 'mau-budget-exhausted': 4 });
  });

  it('counts people known by evidence whatever the limit, and keeps them', async () => {
    const evidence: Act = { kind: 'evidence', person: 9, className: 'unknown', tenant: null, at: START };
    const acts = [evidence, ask(1, 1), ask(9, 2)];
    const { simulated, recorded } = await tryOut(acts, { budget: budgetOf({ scopes: { all: 1 } }) });
    expect(simulated).toMatchObject({
      ...{ identities: { total: 1, byClass: { unknown: 1 } }, minted: 1 },
      ...{ refused: { 'mau-budget-exhausted': 1 }, cost: { low: 0.05, high: 0.05 } },
    });
    expect(recorded.cost).toMatchObject({ low: 0.05, high: 0.1 });
  });

  it('follows intents', async () => {
    const acts = [ask(1, 1, { intent: 'notification' }), ask(1, 2), ask(1, 3, { intent: 'notification' })];
    const policy = { ...OPEN, intents: { ...OPEN.intents, notification: 'deny' as const } };
    const denied = await tryOut(acts, { policy });
    expect(denied.simulated).toMatchObject({ minted: 1, refused: { 'lazy-connect-required': 2 } });
    const known = { ...OPEN, intents: { ...OPEN.intents, notification: 'known-only' as const } };
    const knownOnly = await tryOut(acts, { policy: known });
    expect(knownOnly.simulated).toMatchObject({ minted: 2, refused: { 'lazy-connect-required': 1 } });
  });

  it('stops when nobody waits for it any more', async () => {
    await withLedger(async (ledger) => {
      const trial = { policy: OPEN, budget: null, raises: [] };
      const signal = AbortSignal.abort(new Error('gone'));
      const request = {
        service: DEFAULT_SERVICE,
        month: MONTH,
        trial,
        classes: CLASSES,
        reckoning: RECKONING,
        nowMs: 0,
        signal,
      };
      await expect(simulateMonth(ledger, request)).rejects.toThrow('gone');
    });
  });
});

describe('property: a simulation agrees with a real run of the same requests', () => {
  const person = fc.integer({ min: 1, max: 12 });
  // A person's class and tenant follow from who they are, as in life.
  const actOf = (who: number, at: number, intent: string, hidden: boolean, evidence: boolean): Act => {
    const className = CLASSES[who % 3] ?? 'member';
    const shared = { person: who, className, tenant: who % 4 === 0 ? null : `t${who % 4}`, at };
    return evidence
      ? { ...shared, kind: 'evidence', className: who % 2 === 0 ? className : 'unknown' }
      : { ...shared, kind: 'ask', intent, hidden };
  };
  const acts = fc
    .array(
      fc.record({
        who: person,
        // Few hours, so that some are crowded.
        hour: fc.constantFrom(1, 2, 30, 31, 31, 60),
        minute: fc.integer({ min: 0, max: 59 }),
        intent: fc.constantFrom('open_chat', 'open_chat', 'notification', 'refresh'),
        hidden: fc.boolean(),
        evidence: fc.integer({ min: 0, max: 4 }).map((roll) => roll === 0),
      }),
      { minLength: 10, maxLength: 80 },
    )
    // One act a minute: the log tells seconds apart, the evidence of a record only minutes.
    .map((rolls) => {
      const byMinute = new Map(rolls.map((roll) => [roll.hour * 60 + roll.minute, roll]));
      return [...byMinute]
        .sort(([a], [b]) => a - b)
        .map(([minute, { who, intent, hidden, evidence }]) =>
          actOf(who, START + minute * 60 + 7, intent, hidden, evidence),
        );
    });
  const limitUpTo = (max: number) => fc.option(fc.integer({ min: 0, max }), { nil: undefined, freq: 3 });
  const budgets = fc
    .record({
      mode: fc.constantFrom('off', 'warn', 'block', 'block', 'block') as fc.Arbitrary<Budget['mode']>,
      ...{ all: limitUpTo(9), guest: limitUpTo(3), tenant: limitUpTo(2), others: limitUpTo(2) },
      reserve: fc.integer({ min: 0, max: 4 }),
      spikeGuard: fc.option(
        fc.record({
          factor: fc.double({ min: 1.1, max: 3, noNaN: true }),
          minimum: fc.integer({ min: 1, max: 3 }),
          mode: fc.constantFrom('warn', 'block') as fc.Arbitrary<'warn' | 'block'>,
        }),
      ),
    })
    .map(({ mode, all, guest, tenant, others, reserve, spikeGuard }) =>
      budgetOf({
        mode,
        scopes: Object.fromEntries(
          Object.entries({ all, 'class:guest': guest, 'tenant:t1': tenant, 'tenant:*': others }).filter(
            ([, places]) => places !== undefined,
          ),
        ),
        reserve: all !== undefined && reserve <= all ? { agent: reserve } : {},
        spikeGuard,
      }),
    );
  const rule = fc.constantFrom<IntentRule>('allow', 'deny', 'needs-reason', 'known-only');
  const policies = fc
    .record({
      open_chat: fc.constantFrom<IntentRule>('allow', 'needs-reason'),
      notification: rule,
      refresh: rule,
    })
    .map((intents) => ({ ...OPEN, intents }));
  /** People who have a reason to connect from last month. */
  const reasons = fc.array(person, { maxLength: 4 });

  it('in people, mints and refusals by code', async () => {
    await fc.assert(
      fc.asyncProperty(acts, budgets, policies, reasons, async (all, budget, policy, known) => {
        const lastMonth = monthStartSeconds(previousMonth(MONTH));
        const before = known.map((who) => actOf(who, lastMonth + who, '', false, true));
        const { simulation, logged } = await withLedger(async (ledger) => {
          await play(ledger, [...before, ...all], OPEN);
          const trial = { policy, budget, raises: [] };
          return { simulation: await simulate(ledger, trial), logged: await loggedActs(ledger, all) };
        });
        await withLedger(async (ledger) => {
          await ledger.configureBudget(DEFAULT_SERVICE, MONTH, budget);
          await play(ledger, before, policy);
          const refused = await play(ledger, withoutConsequences(logged), policy);
          const totals = await ledger.totals(DEFAULT_SERVICE, MONTH);
          const { identities, minted } = simulation.simulated;
          expect({ ...simulation.simulated, identities, minted }).toMatchObject({
            ...{ identities: { total: totals.all, byClass: totals.byClass }, minted: totals.minted, refused },
          });
        });
      }),
      { numRuns: 150 },
    );
  }, 60_000);

  /** The acts that the log can know: evidence, and the requests that were served. */
  async function loggedActs(ledger: Ledger, all: readonly Act[]): Promise<Act[]> {
    const { items } = await ledger.mints(DEFAULT_SERVICE, MONTH, { after: null, limit: 1_000 });
    const served = new Set(items.map(({ issuedAt }) => issuedAt));
    return all.filter(({ kind, at }) => kind === 'evidence' || served.has(at));
  }

  /** Evidence after a person's first mint is taken to follow from it, and is not played again by itself. */
  function withoutConsequences(logged: readonly Act[]): Act[] {
    const minted = new Set<number>();
    return logged.filter((act) => {
      if (act.kind === 'ask') minted.add(act.person);
      return act.kind === 'ask' || !minted.has(act.person);
    });
  }
});
