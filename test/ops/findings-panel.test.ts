import { expect, it } from '@jest/globals';
import type { Budget } from '../../src/ledger/budget.ts';
import { buildMonthPage } from '../../src/ops/month-page.ts';
import { findHygieneFindings } from '../../src/reports/hygiene.ts';
import { FORECAST, WASTE } from './sample-figures.ts';
import { sampleMonth } from './sample-month.ts';

it('says what is wrong, why it matters and what to do, in the same words as the doctor', () => {
  const masks = [
    { className: 'member', mask: 1, identities: 40 },
    { className: 'member', mask: 1 << 7, identities: 2 },
  ];
  const findings = findHygieneFindings({ masks, budget: null }, [], { addedByBackfill: 3 });
  expect(findings.length).toBeGreaterThan(2);
  const page = buildMonthPage(sampleMonth({ findings }));
  for (const { says, why, fix } of findings) {
    for (const text of [says, why, fix]) expect(page).toContain(text);
  }
});

it('leaves the page small, also with everything there is to say', () => {
  const masks = [
    { className: 'member', mask: 1, identities: 40 },
    { className: 'member', mask: 1 << 7, identities: 2 },
    { className: 'address', mask: 1 << 10, identities: 2 },
  ];
  const budget = { mode: 'block', scopes: { all: 5 }, reserve: {} } as Partial<Budget> as Budget;
  const findings = findHygieneFindings({ masks, budget }, [], { addedByBackfill: 3 });
  const days = sampleMonth().days;
  const model = { findings, previousDays: days, forecast: FORECAST, waste: WASTE };
  expect(Buffer.byteLength(buildMonthPage(sampleMonth(model)))).toBeLessThan(20_000);
});

it('is not there when all is well', () => {
  expect(buildMonthPage(sampleMonth())).not.toContain('findings-title');
});

it('shows no markup of others', () => {
  const says = '<img src=x onerror="alert(1)">';
  const page = buildMonthPage(
    sampleMonth({ findings: [{ id: 'rest-only', identities: 1, says, why: says, fix: says }] }),
  );
  expect(page).not.toContain('<img src=x');
  expect(page).toContain('&lt;img src=x');
});
