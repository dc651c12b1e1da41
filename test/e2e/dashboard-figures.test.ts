import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ADMIN_KEY, type OperatorGateway, startOperatorGateway } from '../cli/operator-gateway.ts';
import { fillMonths } from '../ops/fill-months.ts';

let gateway: OperatorGateway;
beforeAll(async () => {
  gateway = await startOperatorGateway({ MAU_BUDGET_IDENTITIES: '500', MAU_BUDGET_MODE: 'warn' });
  await fillMonths(gateway.gateway.ledger);
});
afterAll(() => gateway.stop());

async function get(path: string): Promise<Response> {
  return fetch(`${gateway.url}${path}`, { headers: { authorization: `Bearer ${ADMIN_KEY}` } });
}

interface Summary {
  asOf: string;
  [name: string]: unknown;
}

function textOf(page: string, mark: string): string {
  const found = new RegExp(`${mark}[^>]*>([^<]*)<`).exec(page)?.[1];
  if (found === undefined) throw new Error(`nothing on the page has ${mark}`);
  return found;
}

function numberAt(summary: Summary, path: string): unknown {
  return path.split('.').reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], summary);
}

describe('the same month', () => {
  it.each(['2026-11', '2026-10'])(
    '%s is the same on the page, in the API and on the command line',
    async (month) => {
      const page = await (await get(`/ops?month=${month}`)).text();
      const summary = (await (await get(`/v1/months/${month}`)).json()) as Summary;
      const { json: usage } = await gateway.runJson(['usage', '--month', month, '--json']);
      expect({ ...usage, asOf: '' }).toEqual({ ...summary, asOf: '' });

      const paths = [...page.matchAll(/data-live="([\w.]+)">/g)].map(([, path = '']) => path);
      expect(paths.length).toBeGreaterThanOrEqual(7);
      for (const path of paths) {
        const shown = Number(textOf(page, `data-live="${path.replaceAll('.', '\\.')}"`).replaceAll(',', ''));
        expect([path, shown]).toEqual([path, numberAt(summary, path)]);
      }
      const { cost, activeUsers } = summary as unknown as Record<
        'cost' | 'activeUsers',
        { low: number; high: number }
      >;
      const range = (low: string, high: string) => (low === high ? low : `${low}–${high}`);
      const dollars = (amount: number) => `$${amount.toFixed(2)}`;
      expect(textOf(page, 'data-live="cost"')).toBe(range(dollars(cost.low), dollars(cost.high)));
      expect(textOf(page, 'data-live="activeUsers"')).toBe(
        range(`${activeUsers.low}`, `${activeUsers.high}`),
      );
    },
  );

  it('has the same forecast, days and cost without value', async () => {
    const page = await (await get('/ops')).text();
    const forecast = (await (await get('/v1/months/current/forecast')).json()) as {
      identities: { low: number; mid: number; high: number };
    };
    const { json: told } = await gateway.runJson(['forecast', '--json']);
    expect(told.identities).toEqual(forecast.identities);
    const { low, mid, high } = forecast.identities;
    expect(page).toContain(`${low}–${high} identities at the end of the month</strong>, most likely ${mid}`);

    const { days } = (await (await get('/v1/months/current/days')).json()) as {
      days: { cumulative: number }[];
    };
    expect(page).toContain(`data-now="${days.map(({ cumulative }) => cumulative).join(' ')}"`);

    const waste = (await (await get('/v1/months/current/waste')).json()) as { total: { identities: number } };
    const { json: wasted } = await gateway.runJson(['waste', '--json']);
    expect(wasted.total).toEqual(waste.total);
    expect(page).toContain(`<p>${waste.total.identities} identities, `);
  });
});
