import { describe, expect, it } from '@jest/globals';
import type { Budget, Limits } from '../../src/ledger/budget.ts';
import { checkBudget } from '../../src/ledger/budget-rules.ts';
import { describeNewcomers } from '../../src/ops/newcomers.ts';
import { buildBudgetView } from '../../src/steering/budget-view.ts';
import { budgetOf } from '../ledger/contract/builders.ts';
import { monthNamed, serviceNamed } from './sample-month.ts';

const MONTH = monthNamed('2026-11');
const NOW_MS = Date.parse('2026-11-20T21:00:00Z');
const CLASSES = ['member', 'guest'];

interface Case {
  budget: Partial<Budget> | null;
  used?: { member?: number; guest?: number; acme?: number };
  frozenSince?: string;
}

function describeCase({ budget, used = {}, frozenSince = null as never }: Case) {
  const { member = 0, guest = 0, acme = 0 } = used;
  const limits: Limits = {
    ...{ budget: budget && budgetOf(budget), source: 'configured', raises: [], version: 'v', frozenSince },
  };
  const fill = { all: member + guest, byClass: { member, guest }, byTenant: { acme } };
  return describeNewcomers(buildBudgetView(serviceNamed('default'), MONTH, limits, fill, NOW_MS), CLASSES);
}

const LETS_IN = { verdict: 'Newcomers let in', tone: 'calm', says: 'let in' };

describe('what becomes of newcomers', () => {
  it.each<[string, Case, object]>([
    ['no budget', { budget: null }, { verdict: 'Watching', says: 'let in; no limit is looked at' }],
    ['nobody of one', { budget: { mode: 'block', scopes: { all: 1 } } }, LETS_IN],
    ['one of three', { budget: { mode: 'block', scopes: { all: 3 } }, used: { member: 1 } }, LETS_IN],
    [
      '85 of 80',
      { budget: { mode: 'block', scopes: { all: 80 } }, used: { member: 85 } },
      { verdict: 'Blocking new', tone: 'alarm', says: 'refused: no place is left' },
    ],
    [
      '85 of 80, where only alerts come of it',
      { budget: { mode: 'warn', scopes: { all: 80 } }, used: { member: 85 } },
      { verdict: 'Limit reached', tone: 'warning', says: 'let in by mode warn; reached: the whole limit' },
    ],
    [
      '85 of 80, where nothing comes of it',
      { budget: { mode: 'off', scopes: { all: 80 } }, used: { member: 85 } },
      { verdict: 'Watching', tone: 'calm', says: 'let in; no limit is looked at' },
    ],
    [
      'a full class and a full tenant',
      {
        budget: { mode: 'block', scopes: { all: 9, 'class:guest': 2, 'tenant:acme': 1, 'tenant:*': 7 } },
        used: { guest: 2, acme: 1 },
      },
      {
        ...{ verdict: 'Blocking some', tone: 'warning' },
        says: 'others let in; refused where it is full: class guest, tenant acme; of any other tenant up to 7',
      },
    ],
    [
      'every class full, without a limit for all',
      { budget: { mode: 'block', scopes: { 'class:guest': 0, 'class:member': 1 } }, used: { member: 1 } },
      { verdict: 'Blocking new', tone: 'alarm', says: 'refused: no class has a place left' },
    ],
    [
      'places kept',
      { budget: { mode: 'block', scopes: { all: 3 }, reserve: { guest: 2 } }, used: { member: 1 } },
      { verdict: 'Blocking some', says: 'no place is left but those kept for class guest' },
    ],
    [
      'a spike guard that blocks',
      { budget: { mode: 'warn', spikeGuard: { factor: 2, minimum: 5, mode: 'block' } } },
      { verdict: 'Newcomers let in', says: 'let in; as many an hour as the spike guard takes' },
    ],
    [
      'a freeze, whatever else',
      { budget: null, frozenSince: '2026-11-20T20:00:00Z' },
      { verdict: 'Frozen', tone: 'alarm', says: 'refused while it is frozen' },
    ],
  ])('with %s is said with the reason', (_, given, says) => {
    expect(describeCase(given)).toMatchObject(says);
  });

  it('is what the ledger decides, whatever is full or kept', () => {
    for (const budget of budgets()) {
      for (const [member, guest] of pairsBelow(4)) {
        const { verdict } = describeCase({ budget, used: { member, guest } });
        const used: Record<string, number> = { member, guest };
        const fill = {
          ...{ all: () => member + guest, ofClass: (name: string) => used[name] ?? 0 },
          ...{ ofTenant: () => 0, newThisHour: () => 0 },
        };
        const limits = { budget: budgetOf(budget), raises: [], month: MONTH };
        const served = CLASSES.filter((className) =>
          checkBudget(limits, { className, tenant: null, at: NOW_MS / 1000 }, fill).every(
            ({ passes, blocks }) => passes || !blocks,
          ),
        );
        const expected = ['Blocking new', 'Blocking some', 'others'][served.length];
        const found = verdict.startsWith('Blocking') ? verdict : 'others';
        expect([budget, member, guest, found]).toEqual([budget, member, guest, expected]);
      }
    }
  });
});

function budgets(): Partial<Budget>[] {
  return (['off', 'warn', 'block'] as const).flatMap((mode) =>
    pairsBelow(4).flatMap(([all, guest]) =>
      [0, 1, 2].map((member) => ({
        mode,
        scopes: { ...(all > 0 && { all }), ...(guest > 0 && { 'class:guest': guest - 1 }) },
        reserve: all > 0 && member > 0 ? { member } : {},
      })),
    ),
  );
}

function pairsBelow(end: number): [number, number][] {
  return Array.from({ length: end * end }, (_, nth) => [Math.floor(nth / end), nth % end]);
}
