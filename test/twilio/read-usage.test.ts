import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type FakeTwilio, startFakeTwilio } from '../../src/demo/twilio/start-fake-twilio.ts';
import { parseMonth } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import type { UsageSource } from '../../src/reconcile/ports.ts';
import { createUsageReader } from '../../src/twilio/read-usage.ts';
import { ACCOUNT, buildTown, REST_KEY, type Town } from '../demo/twilio/fake-kit.ts';
import { servicesAt, troubleOf } from './twilio-kit.ts';

const MONTH = parseMonth('2026-11')!;
const CATEGORY = 'pchat-users';

let town: Town;
let twilio: FakeTwilio;
let usage: UsageSource;
beforeEach(async () => {
  town = buildTown();
  twilio = await startFakeTwilio({ accountSid: ACCOUNT, apiKey: REST_KEY, model: town.model });
  usage = createUsageReader(servicesAt(twilio.url));
});
afterEach(() => twilio.close());

describe('the usage record', () => {
  it('is numbers and instants, of the account alone', async () => {
    town.model.usage.subaccountUsers = 1_000;
    expect(await usage.readMonth(DEFAULT_SERVICE, MONTH, CATEGORY)).toEqual({
      category: CATEGORY,
      startDate: '2026-11-01',
      endDate: '2026-11-30',
      // Ada, Bob, Eve, and two addresses.
      count: 5,
      usage: 5,
      usageUnit: 'users',
      price: 0.25,
      currency: 'USD',
      asOf: '2026-11-10T12:02:00.000Z',
    });
    expect(twilio.requests).toHaveLength(1);
    expect(twilio.requests[0]).toContain('IncludeSubaccounts=false');
    expect(twilio.requests[0]).toContain('StartDate=2026-11-01&EndDate=2026-11-30');
  });

  it('follows the reading that Twilio counts by', async () => {
    town.model.usage.counting = 'writers-only';
    expect(await usage.readMonth(DEFAULT_SERVICE, MONTH, CATEGORY)).toMatchObject({ count: 2 });
  });

  it('lags behind', async () => {
    town.model.usage.asOf = Date.parse('2026-11-10T12:00:30Z');
    const record = await usage.readMonth(DEFAULT_SERVICE, MONTH, CATEGORY);
    expect(record).toMatchObject({ count: 2, asOf: '2026-11-10T12:00:30.000Z' });
  });

  it('is null for a month or a category without one', async () => {
    expect(await usage.readMonth(DEFAULT_SERVICE, parseMonth('2027-01')!, CATEGORY)).toBeNull();
    expect(await usage.readMonth(DEFAULT_SERVICE, MONTH, 'sms')).toBeNull();
  });

  it('is of the month that is asked for', async () => {
    town.clock.set(Date.parse('2026-12-02T00:00:00Z'));
    town.model.connect('m_new');
    expect(await usage.readMonth(DEFAULT_SERVICE, MONTH, CATEGORY)).toMatchObject({
      count: 5,
      startDate: '2026-11-01',
    });
    expect(await usage.readMonth(DEFAULT_SERVICE, parseMonth('2026-12')!, CATEGORY)).toMatchObject({
      count: 1,
    });
  });

  it('in another currency is a trouble of its own, since dollars are compared', async () => {
    town.model.usage.currency = 'eur';
    const error = await troubleOf(usage.readMonth(DEFAULT_SERVICE, MONTH, CATEGORY));
    expect(error).toMatchObject({ trouble: 'other-currency', message: 'the price of 2026-11 is in "eur"' });
  });
});

it('triggers of the category are told', async () => {
  town.model.addTrigger({ category: 'sms', by: 'price', value: '+10', recurring: null });
  expect(await usage.listTriggers(DEFAULT_SERVICE, CATEGORY)).toEqual([
    {
      sid: expect.stringMatching(/^UT[0-9a-f]{32}$/),
      by: 'count',
      value: '500',
      recurring: 'monthly',
      firedAt: null,
    },
  ]);
});
