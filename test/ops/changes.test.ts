import { describe, expect, it } from '@jest/globals';
import { describeChanges } from '../../src/ops/changes.ts';
import type { MonthPageModel } from '../../src/ops/month-page-model.ts';
import { monthNamed, sampleMonth } from './sample-month.ts';

const NOTHING = {
  ...{ identities: null, connected: null, activeUsers: null, twilio: null },
  ...{ budgetLeft: null, cost: null, minted: null },
};

/** An October of 31 days with 10 identities and 20 tokens a day. */
const previousDays = Array.from({ length: 31 }, (_, index) => ({
  ...{ day: `2026-10-${String(index + 1).padStart(2, '0')}`, new: { member: 10 } },
  ...{ minted: 20, reused: 0, refused: {}, cumulative: 10 * (index + 1) },
}));

function october(changes: Partial<NonNullable<MonthPageModel['previous']>> = {}) {
  const { summary } = sampleMonth();
  return {
    ...{ ...summary, month: monthNamed('2026-10') },
    identities: {
      ...summary.identities,
      total: 310,
      bySignal: { ...summary.identities.bySignal, minted: 300, connected: 240 },
    },
    activeUsers: { ...summary.activeUsers, low: 280, high: 310 },
    budget: { ...summary.budget!, limit: 400 },
    cost: { ...summary.cost!, low: 14, high: 15.5 },
    ...changes,
  };
}

describe('the headline figures against the month before', () => {
  it('are compared by the day where the day is known, else by the whole month', () => {
    const model = sampleMonth({
      ...{ previous: october(), previousDays, previousTwilio: 160 },
      reconciliation: { twilio: { count: 200 } } as MonthPageModel['reconciliation'],
    });
    const { identities, mints } = model.summary;
    expect(describeChanges(model)).toEqual({
      identities: `+${Math.round((100 * (identities.total - 200)) / 200)} % against day 20 of the month before (200).`,
      minted: `+${Math.round((100 * (mints.minted - 400)) / 400)} % against day 20 of the month before (400).`,
      twilio: '+25 % against day 20 of the month before (160).',
      connected: `${Math.floor((100 * 288) / (identities.total - 6))} % of them; 80 % in the month before.`,
      activeUsers: 'Oct 2026 ended with 280–310.',
      cost: 'Oct 2026 ended with $14.00–$15.50.',
      budgetLeft: '200 were left on day 20 of the month before.',
    });
  });

  it('say nothing where there is nothing to compare with', () => {
    expect(describeChanges(sampleMonth())).toEqual(NOTHING);
    const empty = october({ identities: { ...october().identities, total: 0 } });
    const zeros = previousDays.map((day) => ({ ...day, minted: 0, cumulative: 0 }));
    expect(describeChanges(sampleMonth({ previous: empty, previousDays: zeros }))).toEqual(NOTHING);
  });

  it('compare no shares of nothing', () => {
    const nobody = { ...october().identities, bySignal: { ...october().identities.bySignal, minted: 0 } };
    const { summary } = sampleMonth();
    const models = [
      { previous: october({ identities: nobody }) },
      {
        previous: october(),
        summary: { ...summary, identities: { ...summary.identities, bySignal: nobody.bySignal } },
      },
    ];
    for (const model of models) {
      expect(describeChanges(sampleMonth({ ...model, previousDays })).connected).toBeNull();
    }
  });

  it('hold no money where the month before holds none', () => {
    const { cost: _cost, ...previous } = october();
    const changes = describeChanges(sampleMonth({ previous, previousDays }));
    expect(changes.activeUsers).not.toBeNull();
    expect(JSON.stringify(changes)).not.toContain('$');
  });

  it('leave out the budget of a month that had none', () => {
    expect(
      describeChanges(sampleMonth({ previous: october({ budget: null }), previousDays })).budgetLeft,
    ).toBeNull();
  });

  it('compare a longer month with the last day of the shorter one before it', () => {
    const days = previousDays.map((day, index) => ({ ...day, cumulative: 20 * (index + 1) }));
    const changes = describeChanges(sampleMonth({ days, previousDays: previousDays.slice(0, 30) }));
    expect(changes.minted).toMatch(/against day 30 of the month before \(600\)\.$/);
  });
});
