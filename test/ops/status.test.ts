import { describe, expect, it } from '@jest/globals';
import { describeStatus, describeStore } from '../../src/ops/status.ts';
import { monthNamed, sampleMonth } from './sample-month.ts';

function withBudget(limit: number, used: number, mode: 'off' | 'warn' | 'block') {
  const { summary } = sampleMonth();
  const over = mode === 'block' ? Math.max(0, used - limit) : 0;
  return sampleMonth({
    summary: {
      ...summary,
      budget: { limit, raised: 0, used, remaining: Math.max(0, limit - used), overByEvidence: over, mode },
    },
  });
}

describe('the status in words', () => {
  it('names month, day, limit with its mode', () => {
    expect(describeStatus(withBudget(500, 123, 'warn'))).toEqual({
      verdict: 'Within budget',
      tone: 'calm',
      parts: ['November 2026 (UTC)', 'day 20 of 30', 'Warning at 500 identities'],
    });
  });

  it.each([
    [500, 123, 'block', 'Blocking new at 500 identities', 'Within budget', 'calm'],
    [10_000, 8_000, 'block', 'Blocking new at 10,000 identities', 'Near the budget', 'warning'],
    [500, 500, 'block', 'Blocking new at 500 identities', 'Budget used up', 'alarm'],
    [500, 1_523, 'warn', 'Warning at 500 identities', '1,023 over budget', 'alarm'],
    [1, 0, 'off', 'Watching, budget 1 identity', 'Within budget', 'calm'],
  ] as const)('of %i with %i used in mode %s', (limit, used, mode, words, verdict, tone) => {
    const status = describeStatus(withBudget(limit, used, mode));
    expect(status.parts[2]).toBe(words);
    expect(status).toMatchObject({ verdict, tone });
  });

  it('says so when there is no budget', () => {
    const { summary } = sampleMonth();
    const status = describeStatus(sampleMonth({ summary: { ...summary, budget: null } }));
    expect(status).toMatchObject({ verdict: 'No budget', tone: 'calm' });
    expect(status.parts[2]).toBe('Watching, no budget');
  });

  it('says so when new identities are frozen', () => {
    const status = describeStatus(sampleMonth({ frozenSince: '2026-11-19T08:30:00Z' }));
    expect(status).toMatchObject({ verdict: 'Frozen', tone: 'alarm' });
    expect(status.parts).toContain('no new identities since 2026-11-19 08:30 UTC');
  });

  it.each([
    ['2026-10', 'over, 31 days'],
    ['2026-12', 'not begun'],
  ])('of %s says %j', (month, words) => {
    const { summary } = sampleMonth();
    const status = describeStatus(sampleMonth({ summary: { ...summary, month: monthNamed(month) } }));
    expect(status.parts[1]).toBe(words);
  });
});

it('the store has answered, or is away', () => {
  expect(describeStore({ store: 'Redis', ageSeconds: null })).toBe('Redis ok');
  expect(describeStore({ store: 'SQLite', ageSeconds: 240.4 })).toBe('SQLite away');
});
