import { describe, expect, it } from '@jest/globals';
import { type BurnUpModel, buildBurnUp } from '../../src/ops/burn-up.ts';
import { monthNamed } from './sample-month.ts';

const HEIGHT = 400;

/** 20 days of November, 10 identities a day. */
const days = Array.from({ length: 20 }, (_, index) => ({
  ...{ day: `2026-11-${String(index + 1).padStart(2, '0')}`, new: { member: 10 } },
  ...{ minted: 10, reused: 0, refused: {}, cumulative: 10 * (index + 1) },
}));

const FORECAST: BurnUpModel['forecast'] = {
  identities: { low: 260, mid: 280, high: 300 },
  exhaustedOn: '2026-11-25',
  exhaustedBetween: { earliest: '2026-11-23', latest: null },
};

function draw(changes: Partial<BurnUpModel> = {}): string {
  const month = monthNamed('2026-11');
  const model = { month, days, previousDays: [], limit: 270, forecast: FORECAST };
  return String(buildBurnUp({ ...model, ...changes }));
}

/** The points of a path, in days and parts of the height. */
function pointsOf(page: string, name: string): [day: number, height: number][] {
  const [, path = ''] = new RegExp(`<path class="${name}" d="([^"]*)"`).exec(page) ?? [];
  return [...path.matchAll(/[ML](\d+) (\d+)/g)].map(([, x, y]) => [Number(x), Number(y) / HEIGHT]);
}

function heightOf(page: string, name: string): number {
  return Number(new RegExp(`class="${name}" d="M0 (\\d+)h`).exec(page)?.[1]) / HEIGHT;
}

describe('the day on which the budget is used up', () => {
  it('is marked on the line of the budget, and stands in the caption', () => {
    const page = draw();
    const [, left, top] = /<circle cx="([\d.]+)%" cy="([\d.]+)%"/.exec(page) ?? [];
    expect(Number(left)).toBeCloseTo((100 * 25) / 30, 1);
    expect(Number(top)).toBeCloseTo(100 * heightOf(page, 'limit'), 1);
    expect(page).toContain('>Nov 25</text>');
    expect(page).toContain('Dashed: the budget of 270; marked: Nov 25, when it is used up.');
  });

  it('is where the lines of the forecast reach the limit', () => {
    const page = draw();
    const limit = heightOf(page, 'limit');
    expect(page).toContain('data-turns="23 25 0"');
    expect(pointsOf(page, 'ahead').slice(0, 2)).toEqual([
      [20, expect.any(Number)],
      [25, limit],
    ]);
    expect(pointsOf(page, 'band').slice(1)).toEqual([
      [23, limit],
      [30, expect.any(Number)],
    ]);
  });

  it('is marked also when it is over, and the forecast does not go back to it', () => {
    const forecast = {
      ...{ identities: { low: 260, mid: 280, high: 300 }, exhaustedOn: '2026-11-12' },
      exhaustedBetween: { earliest: null, latest: null },
    };
    const page = draw({ limit: 120, forecast });
    expect(page).toContain('marked: Nov 12, when it is used up');
    expect(page).toContain('data-turns="0 0 0"');
    expect(pointsOf(page, 'ahead').map(([day]) => day)).toEqual([20, 30]);
  });

  it('is not marked where the budget lasts, or there is none', () => {
    const lasts = { ...FORECAST!, exhaustedOn: null, exhaustedBetween: { earliest: null, latest: null } };
    for (const page of [draw({ forecast: lasts }), draw({ limit: null }), draw({ forecast: null })]) {
      expect(page).not.toContain('class="mark"');
      expect(page).not.toContain('marked');
    }
  });

  it('turns no line on the last day, where it would stand upright', () => {
    const page = draw({ forecast: { ...FORECAST!, exhaustedOn: '2026-11-30' } });
    expect(page).toContain('data-turns="23 0 0"');
    expect(page).toContain('cx="100%"');
  });
});
