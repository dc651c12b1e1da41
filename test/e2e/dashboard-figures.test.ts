import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ForecastAnswer, WasteAnswer } from '../../src/contract/figures.ts';
import type { BudgetAnswer } from '../../src/contract/steering.ts';
import type { MonthSummary } from '../../src/contract.ts';
import { parseIdentity } from '../../src/domain/identity.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { SIGNALS } from '../../src/domain/signal.ts';
import { ADMIN_KEY, type OperatorGateway, startOperatorGateway } from '../cli/operator-gateway.ts';
import { fillMonths } from '../ops/fill-months.ts';
import { pairOf, tableOf, textOf } from '../ops/page-text.ts';

let gateway: OperatorGateway;
beforeAll(async () => {
  gateway = await startOperatorGateway({ MAU_BUDGET_IDENTITIES: '500', MAU_BUDGET_MODE: 'warn' });
  const { ledger } = gateway.gateway;
  await fillMonths(ledger);
  // What the filled months have nothing of: a guest who went on as a member, and another reason to be refused.
  const at = Date.parse('2026-11-12T10:00:00Z');
  const [guest, member] = ['g_adopted', 'm_adopting'].map((name) => parseIdentity(name)!);
  await ledger.adopt(DEFAULT_SERVICE, { guest: guest!, member: member!, at });
  await ledger.countRefusal(DEFAULT_SERVICE, 'identity-blocked', at);
});
afterAll(() => gateway.stop());

const get = (path: string) =>
  fetch(`${gateway.url}${path}`, { headers: { authorization: `Bearer ${ADMIN_KEY}` } });
const pageOf = async (path: string) => (await get(path)).text();
const answerOf = async <Answer>(path: string) => (await (await get(path)).json()) as Answer;

/** A figure as pages write it. */
const count = (figure: number) => figure.toLocaleString('en-US');
const dollars = (amount: number) => `$${amount.toFixed(2)}`;
const range = (low: string, high: string) => (low === high ? low : `${low}–${high}`);
const cost = ({ low, high }: { low: number; high: number }) => range(dollars(low), dollars(high));

function markedText(page: string, mark: string): string {
  const found = new RegExp(`${mark}[^>]*>([^<]*)<`).exec(page)?.[1];
  if (found === undefined) throw new Error(`nothing on the page has ${mark}`);
  return found;
}

function numberAt(summary: MonthSummary, path: string): unknown {
  return path.split('.').reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], summary);
}

describe.each(['2026-11', '2026-10'])('%s on the page, in the API and on the command line', (month) => {
  let page: string;
  let summary: MonthSummary;
  beforeAll(async () => {
    page = await pageOf(`/ops?month=${month}`);
    summary = await answerOf(`/v1/months/${month}`);
  });

  it('has the same summary', async () => {
    const { json: usage } = await gateway.runJson(['usage', '--month', month, '--json']);
    expect({ ...usage, asOf: '' }).toEqual({ ...summary, asOf: '' });
    const paths = [...page.matchAll(/data-live="([\w.]+)">/g)].map(([, path = '']) => path);
    expect(paths.length).toBeGreaterThanOrEqual(7);
    for (const path of paths) {
      const shown = Number(
        markedText(page, `data-live="${path.replaceAll('.', '\\.')}"`).replaceAll(',', ''),
      );
      expect([path, shown]).toEqual([path, numberAt(summary, path)]);
    }
    expect(markedText(page, 'data-live="cost"')).toBe(cost(summary.cost!));
    const { low, high } = summary.activeUsers;
    expect(markedText(page, 'data-live="activeUsers"')).toBe(range(count(low), count(high)));
  });

  it('has the same identities by class and by signal, and the same refusals', () => {
    const { byClass, bySignal } = summary.identities;
    expect(tableOf(page, 'By class').map(([name, identities]) => [name, identities])).toEqual(
      expect.arrayContaining(Object.entries(byClass).map(([name, identities]) => [name, count(identities)])),
    );
    expect(tableOf(page, 'What identities were seen to do').map((row) => row.slice(0, 2))).toEqual(
      SIGNALS.map((name) => [name, count(bySignal[name])]),
    );
    const { refused } = summary.mints;
    expect(Object.keys(refused).length).toBeGreaterThanOrEqual(1);
    expect(tableOf(page, 'Token requests that were refused').sort()).toEqual(
      Object.entries(refused)
        .map(([code, requests]) => [code, count(requests)])
        .sort(),
    );
    const sum = Object.values(refused).reduce((total, requests) => total + requests, 0);
    expect(textOf(page)).toContain(
      `Answered with the same token again: ${count(summary.mints.reused)}. Refused: ${count(sum)}.`,
    );
  });

  it('has the same cost without value, by kind and in all', async () => {
    const waste = await answerOf<WasteAnswer>(`/v1/months/${month}/waste`);
    const { json: told } = await gateway.runJson(['waste', '--month', month, '--json']);
    expect({ ...told, asOf: '' }).toEqual({ ...waste, asOf: '' });
    const kinds = waste.kinds.filter(({ identities }) => identities > 0);
    expect(kinds.length).toBeGreaterThanOrEqual(3);
    expect(tableOf(page, 'One identity may be of several kinds.').map(([, ...figures]) => figures)).toEqual(
      kinds.map((kind) => [count(kind.identities), cost(kind.cost)]),
    );
    const { total, savings, table } = waste;
    const said = textOf(page);
    expect(said).toContain(`${count(total.identities)} identities, ${cost(total.cost)} less without them.`);
    expect(said).toContain(`Price table “${table}”.`);
    expect(said).toContain(`Saved so far: ${count(savings.tokensReused)} requests`);
    const once = kinds.find(({ kind }) => kind === 'guest-once')!;
    expect(said).toContain(
      `${count(once.identities)} guests were seen on one day only: ${cost(once.cost)} for`,
    );
  });

  it('has the same days', async () => {
    const { days } = await answerOf<{ days: Day[] }>(`/v1/months/${month}/days`);
    const sum = (counts: Record<string, number>) =>
      Object.values(counts).reduce((total, one) => total + one, 0);
    expect(tableOf(page, 'Day by day').map(([, ...figures]) => figures)).toEqual(
      days
        .toReversed()
        .map((day) => [sum(day.new), day.cumulative, day.minted, day.reused, sum(day.refused)].map(count)),
    );
  });
});

interface Day {
  new: Record<string, number>;
  refused: Record<string, number>;
  cumulative: number;
  minted: number;
  reused: number;
}

it('a guest who was not counted twice saves the same dollars everywhere', async () => {
  const { savings } = await answerOf<WasteAnswer>('/v1/months/current/waste');
  expect(savings).toMatchObject({ guestsAdopted: 1, cost: { low: 0.05, high: 0.05 } });
  expect(textOf(await pageOf('/ops'))).toContain(
    '1 guest went on as a member without being counted twice: $0.05 saved.',
  );
  expect((await gateway.run(['waste'])).stdout).toContain('0.05 to 0.05');
});

it('the forecast is the same in identities, in dollars and in days', async () => {
  const forecast = await answerOf<ForecastAnswer>('/v1/months/current/forecast');
  const { json: told } = await gateway.runJson(['forecast', '--json']);
  expect({ ...told, asOf: '' }).toEqual({ ...forecast, asOf: '' });
  const { identities, cost: price, exhaustedOn, basis } = forecast;
  const said = textOf(await pageOf('/ops'));
  expect(said).toContain(
    `${identities!.low}–${identities!.high} identities at the end of the month, most likely ${identities!.mid}`,
  );
  const { table, rules } = price!;
  expect(said).toContain(
    `${cost(price!)}, most likely ${dollars(price!.mid)}; price table “${table}”, rules ${rules}.`,
  );
  expect(basis).toEqual(['2026-10']);
  expect(said).toContain('By how far Oct 2026 had come');
  expect(exhaustedOn).toMatch(/^2026-11-\d\d$/);
  expect(said).toContain(`The budget of 500 runs out on Nov ${Number(exhaustedOn!.slice(8))} (`);
});

it('the budget is the same', async () => {
  const budget = await answerOf<BudgetAnswer>('/v1/budget');
  const { json: told } = await gateway.runJson(['budget', 'show', '--json']);
  expect(told).toEqual(budget);
  const page = await pageOf('/ops/budget');
  const pair = (name: string) => pairOf(page, 'The budget as it holds', name);
  expect(budget.mode).toBe('warn');
  expect(textOf(page)).toContain('Newcomers let in November 2026 (UTC) and later');
  expect(pair('At the limit')).toBe('alerts only');
  expect(pair('Newcomers')).toBe('let in');
  expect(pair('Limit')).toBe(count(budget.limit!));
  expect(pair('Used')).toBe(count(budget.used));
  expect(pair('Left')).toBe(count(budget.remaining!));
  expect(pair('Costs when used up')).toBe(`${dollars(500 * 0.05)}, price table “flat”`);
  expect(pair('Alerts at')).toBe(`${budget.thresholds.join(', ')} %`);
});
