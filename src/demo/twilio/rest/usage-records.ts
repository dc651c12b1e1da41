import { daysInMonth, type Month, monthOf, nextMonth, parseMonth } from '../../../domain/month.ts';
import type { FakeModel } from '../model/create-fake-model.ts';
import { countUsage, USERS_CATEGORY } from '../model/usage.ts';
import { type FakeAnswer, type FakeRead, fakeError, notFound } from './answers.ts';
import { fakeOldPage } from './pages.ts';

const DAY = /^\d{4}-\d\d-\d\d$/;
const DAY_MS = 86_400_000;
const PERIODS = ['AllTime', 'Daily', 'LastMonth', 'Monthly', 'ThisMonth', 'Today', 'Yearly', 'Yesterday'];

/** `GET /2010-04-01/Accounts/{AC}/Usage/Records/Monthly.json?Category&StartDate&EndDate&IncludeSubaccounts` */
export function listMonthlyUsage(read: FakeRead): FakeAnswer {
  const { model, url, path } = read;
  if (path[0] !== model.account.sid) return notFound(read);
  const from = url.searchParams.get('StartDate');
  const until = url.searchParams.get('EndDate');
  if ([from, until].some((day) => day !== null && !DAY.test(day))) {
    return fakeError(400, 20001, 'Dates must be YYYY-MM-DD');
  }
  const current = monthOf(model.now());
  const last = clampMonth(until, current);
  const records: object[] = [];
  for (let month = clampMonth(from, current); month <= last; month = nextMonth(month)) {
    records.push(recordOf(read, 'Monthly', month, isWithSubaccounts(url)));
  }
  return fakeOldPage({ key: 'usage_records', items: isAsked(url) ? records.reverse() : [], url });
}

/** `GET /2010-04-01/Accounts/{AC}/Usage/Records/ThisMonth.json` */
export function listThisMonthUsage(read: FakeRead): FakeAnswer {
  if (read.path[0] !== read.model.account.sid) return notFound(read);
  const record = recordOf(read, 'ThisMonth', monthOf(read.model.now()), isWithSubaccounts(read.url));
  return fakeOldPage({ key: 'usage_records', items: isAsked(read.url) ? [record] : [], url: read.url });
}

/**
 * `GET /2010-04-01/Accounts/{AC}/Usage/Records/Daily.json?StartDate&EndDate`: whoever is active is in the record of the
 * first such day of the month, so that the days of a month add up to it.
 */
export function listDailyUsage(read: FakeRead): FakeAnswer {
  const { model, url, path } = read;
  if (path[0] !== model.account.sid) return notFound(read);
  const today = dayOf(model.now());
  const from = url.searchParams.get('StartDate') ?? today;
  const until = url.searchParams.get('EndDate') ?? today;
  if (!DAY.test(from) || !DAY.test(until)) return fakeError(400, 20001, 'Dates must be YYYY-MM-DD');
  const records: object[] = [];
  for (let at = Date.parse(from); dayOf(at) <= until && dayOf(at) <= today; at += DAY_MS) {
    const month = monthOf(at);
    const upTo = (end: number) =>
      countUsage(
        model.usage,
        model.activities.filter((one) => one.at < end),
        month,
        isWithSubaccounts(url),
      );
    const before = dayOf(at).endsWith('-01') ? 0 : upTo(at);
    records.push(buildRecord(read, 'Daily', [dayOf(at), dayOf(at)], upTo(at + DAY_MS) - before));
  }
  return fakeOldPage({ key: 'usage_records', items: isAsked(url) ? records.reverse() : [], url });
}

/** Twilio keeps no records of what has not come yet. */
function clampMonth(day: string | null, current: Month): Month {
  const month = parseMonth((day ?? current).slice(0, 7)) ?? current;
  return month < current ? month : current;
}

/** Only active users are counted here; another category has no record. */
function isAsked(url: URL): boolean {
  return (url.searchParams.get('Category') ?? USERS_CATEGORY) === USERS_CATEGORY;
}

function isWithSubaccounts(url: URL): boolean {
  return url.searchParams.get('IncludeSubaccounts') !== 'false';
}

function recordOf(read: FakeRead, period: string, month: Month, subaccounts: boolean): object {
  const { usage, activities } = read.model;
  const count = countUsage(usage, activities, month, subaccounts);
  return buildRecord(read, period, [`${month}-01`, `${month}-${daysInMonth(month)}`], count);
}

/** Count, usage and price are texts, as Twilio sends them. */
function buildRecord(
  { model }: FakeRead,
  period: string,
  [from, until]: [string, string],
  count: number,
): object {
  const { usage, account } = model;
  const path = (name: string) => `/2010-04-01/Accounts/${account.sid}/Usage/Records/${name}.json`;
  const snake = (name: string) => name.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase();
  return {
    account_sid: account.sid,
    api_version: '2010-04-01',
    as_of: asOf(model),
    category: USERS_CATEGORY,
    count: String(count),
    count_unit: 'users',
    description: 'Conversations Monthly Active Users',
    start_date: from,
    end_date: until,
    price: String(Math.round(count * usage.pricePerUser * 1e6) / 1e6),
    price_unit: usage.currency,
    usage: String(count),
    usage_unit: 'users',
    subresource_uris: Object.fromEntries(
      PERIODS.map((name) => [snake(name), `${path(name)}?Category=${USERS_CATEGORY}`]),
    ),
    uri: `${path(period)}?Category=${USERS_CATEGORY}&StartDate=${from}&EndDate=${until}`,
  };
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

function asOf({ usage, now }: FakeModel): string {
  return `${new Date(usage.asOf ?? now()).toISOString().slice(0, 19)}+00:00`;
}
