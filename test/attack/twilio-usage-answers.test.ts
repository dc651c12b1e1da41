import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseMonth } from '../../src/domain/month.ts';
import { DEFAULT_SERVICE } from '../../src/domain/service-name.ts';
import { createUsageReader } from '../../src/twilio/read-usage.ts';
import { type AnsweringTwilio, startAnsweringTwilio, twilioAnswers } from './answering-twilio.ts';

// As the lists in twilio-answers.test.ts, for what the money is reckoned by: figures that are none must not be added up.

const MONTH = parseMonth('2026-11')!;
const CATEGORY = 'pchat-users';
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const RUNS = { numRuns: 150 };
const DEADLINE_MS = 60_000;

let twilio: AnsweringTwilio;
beforeAll(async () => {
  twilio = await startAnsweringTwilio();
});
afterAll(() => twilio.close());

const usage = () => createUsageReader(twilio.services);

test(
  'is figures of the month, or a failure',
  async () => {
    const good = {
      ...{
        category: CATEGORY,
        start_date: '2026-11-01',
        end_date: '2026-11-30',
        count: '5',
        count_unit: 'users',
      },
      ...{
        usage: '5',
        usage_unit: 'users',
        price: '0.25',
        price_unit: 'usd',
        as_of: '2026-11-10T12:02:00+00:00',
      },
    };
    await fc.assert(
      fc.asyncProperty(twilioAnswers('usage_records', good), async (given) => {
        const record = await twilio.read(given, () => usage().readMonth(DEFAULT_SERVICE, MONTH, CATEGORY));
        if (record === null) return;
        expect(record).toMatchObject({ category: CATEGORY, currency: 'USD' });
        for (const figure of [record.count, record.usage, record.price]) {
          expect(Number.isFinite(figure) && figure >= 0).toBe(true);
        }
        expect(Number.isSafeInteger(record.count)).toBe(true);
        expect(record.startDate.startsWith('2026-11')).toBe(true);
        expect(record.endDate).toMatch(/^\d{4}-\d\d-\d\d$/);
        if (record.asOf !== null) expect(record.asOf).toMatch(INSTANT);
      }),
      RUNS,
    );
  },
  DEADLINE_MS,
);

test(
  'has triggers, or a failure',
  async () => {
    const good = {
      ...{
        sid: `UT${'1'.repeat(32)}`,
        usage_category: CATEGORY,
        trigger_by: 'count',
        trigger_value: '500',
      },
      ...{ recurring: 'monthly', date_fired: null },
    };
    await fc.assert(
      fc.asyncProperty(twilioAnswers('usage_triggers', good), async (given) => {
        const triggers = await twilio.read(given, () => usage().listTriggers(DEFAULT_SERVICE, CATEGORY));
        for (const { sid, by, value, recurring, firedAt } of triggers ?? []) {
          expect(typeof sid).toBe('string');
          expect(['count', 'usage', 'price']).toContain(by);
          expect(typeof value).toBe('string');
          expect([null, 'daily', 'monthly', 'yearly', 'alltime']).toContain(recurring);
          if (firedAt !== null) expect(firedAt).toMatch(INSTANT);
        }
      }),
      RUNS,
    );
  },
  DEADLINE_MS,
);
