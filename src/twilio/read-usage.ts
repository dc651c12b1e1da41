import type Twilio from 'twilio';
import { type Month, monthEndSeconds, monthStartSeconds } from '../domain/month.ts';
import { TwilioUnavailable } from '../domain/twilio-unavailable.ts';
import type { TriggerFigures, UsageFigures, UsageSource } from '../reconcile/ports.ts';
import { textOf, textOrNullOf } from './read-text.ts';
import type { TwilioServices } from './twilio-services.ts';

/** Many more than anybody has of one category. */
const TRIGGERS_MAX = 200;

export function createUsageReader(services: TwilioServices): UsageSource {
  return {
    readMonth: (service, month, category) =>
      services.read(service, async ({ twilio, accountSid }) => {
        const records = await twilio.api.v2010.accounts(accountSid).usage.records.monthly.list({
          category,
          startDate: new Date(monthStartSeconds(month) * 1000),
          endDate: new Date((monthEndSeconds(month) - 86_400) * 1000),
          // True unless told, which would add what other companies or products used.
          includeSubaccounts: false,
          limit: 2,
        });
        const record = records.find((one) => one.category === category && isOf(one.startDate, month));
        return record === undefined ? null : parseRecord(record, month);
      }),

    listTriggers: (service, category) =>
      services.read(service, async ({ twilio, accountSid }) => {
        const triggers = await twilio.api.v2010
          .accounts(accountSid)
          .usage.triggers.list({ usageCategory: category, limit: TRIGGERS_MAX });
        return triggers.filter((trigger) => trigger.usageCategory === category).map(parseTrigger);
      }),
  };
}

type Usage = ReturnType<Twilio.Twilio['api']['v2010']['accounts']>['usage'];
type MonthlyRecords = Usage['records']['monthly'];
type MonthlyRecord = Awaited<ReturnType<MonthlyRecords['list']>>[number];
type Trigger = Awaited<ReturnType<Usage['triggers']['list']>>[number];

function isOf(startDate: unknown, month: Month): boolean {
  return typeof startDate === 'object' && startDate instanceof Date
    ? startDate.toISOString().startsWith(month)
    : String(startDate).startsWith(month);
}

function parseRecord(record: MonthlyRecord, month: Month): UsageFigures {
  const unit = String(record.priceUnit ?? '').toLowerCase();
  if (unit !== 'usd')
    throw new TwilioUnavailable('other-currency', `the price of ${month} is in "${unit.slice(0, 8)}"`);
  const count = parseFigure(record.count, 'count');
  if (!Number.isSafeInteger(count)) throw unreadable('count');
  return {
    category: record.category,
    startDate: dayOf(record.startDate),
    endDate: dayOf(record.endDate),
    count,
    usage: parseFigure(record.usage, 'usage'),
    usageUnit: String(record.usageUnit ?? ''),
    price: parseFigure(record.price, 'price'),
    currency: 'USD',
    asOf: instantOf(record.asOf),
  };
}

const FIGURE = /^\d{1,15}(?:\.\d{1,10})?$/;

/** Twilio's figures are texts, also where its library calls them numbers. */
function parseFigure(value: unknown, name: string): number {
  const text = String(value ?? '');
  if (!FIGURE.test(text)) throw unreadable(name);
  return Number(text);
}

const BY: readonly TriggerFigures['by'][] = ['count', 'usage', 'price'];
const RECURRING = ['daily', 'monthly', 'yearly', 'alltime'] as const;

function parseTrigger(trigger: Trigger): TriggerFigures {
  const by = BY.find((one) => one === trigger.triggerBy);
  if (by === undefined)
    throw new TwilioUnavailable('unreadable', 'a usage trigger compares nothing that is known');
  const recurring = textOrNullOf(trigger.recurring);
  const known = RECURRING.find((one) => one === recurring) ?? null;
  if (known !== recurring)
    throw new TwilioUnavailable('unreadable', 'a usage trigger recurs in no way that is known');
  return {
    sid: textOf(trigger.sid),
    by,
    value: textOf(trigger.triggerValue),
    recurring: known,
    firedAt: instantOf(trigger.dateFired),
  };
}

function dayOf(value: unknown): string {
  const at = instantOf(value);
  if (at === null) throw unreadable('day');
  return at.slice(0, 10);
}

const ISO_LENGTH = 24;

function instantOf(value: unknown): string | null {
  const at = value instanceof Date ? value.getTime() : Date.parse(String(value ?? ''));
  if (Number.isNaN(at)) return null;
  const text = new Date(at).toISOString();
  // Years beyond 9999 and before 0 are written in another form.
  return text.length === ISO_LENGTH ? text : null;
}

function unreadable(name: string): TwilioUnavailable {
  return new TwilioUnavailable('unreadable', `the usage record has no readable ${name}`);
}
