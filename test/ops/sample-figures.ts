import type { Budget } from '../../src/ledger/budget.ts';
import type { Forecast } from '../../src/reports/forecast/read-forecast.ts';
import { findHygieneFindings, type HygieneFinding } from '../../src/reports/hygiene.ts';
import type { WasteReport } from '../../src/reports/waste/read-waste.ts';
import { monthNamed, serviceNamed } from './sample-month.ts';

const month = monthNamed('2026-11');
const service = serviceNamed('default');
const asOf = '2026-11-20T21:00:00.123Z';

export const FORECAST: Forecast = {
  ...{ month, service, asOf, used: 330, limit: 500, reason: null },
  identities: { low: 430, mid: 470, high: 520 },
  cost: { currency: 'USD', low: 20, mid: 23.5, high: 26, table: 'flat', rules: 'twilio-2026-11' },
  method: 'share-of-final',
  basis: [monthNamed('2026-10')],
  exhaustedOn: '2026-11-27',
  exhaustedBetween: { earliest: '2026-11-25', latest: null },
};

export const WASTE: WasteReport = {
  ...{ month, service, asOf, rules: 'twilio-2026-11', table: 'flat', currency: 'USD' },
  identities: { total: 330, new: 200, returning: 130 },
  kinds: [
    { kind: 'never-connected', identities: 42, cost: { low: 0, high: 2.1 } },
    { kind: 'guest-once', identities: 60, cost: { low: 1, high: 3 } },
    { kind: 'duplicate', identities: 0, cost: { low: 0, high: 0 } },
  ],
  total: { identities: 90, cost: { low: 1, high: 4.5 } },
  savings: {
    tokensReused: 233,
    refusedByLazyConnect: { 'lazy-connect-required': 61, 'no-reason-to-connect': 0 },
    guestsAdopted: 4,
    cost: { low: 0.1, high: 0.2 },
  },
  notes: [],
};

/** Everything that the figures of a month may show to be wrong, by how many it concerns. */
export function sampleFindings(by: {
  tokenOnly: number;
  updatedOnly: number;
  addresses: number;
}): HygieneFinding[] {
  return findHygieneFindings(
    {
      month,
      masks: [
        { className: 'member', mask: 1, identities: by.tokenOnly },
        { className: 'member', mask: 1 << 7, identities: by.updatedOnly },
        { className: 'address', mask: 1 << 10, identities: by.addresses },
      ],
      budget: { mode: 'block', scopes: { all: 5 }, reserve: {} } as Partial<Budget> as Budget,
    },
    [],
    { addedByBackfill: 3, nowMs: Date.parse(asOf) },
  );
}
