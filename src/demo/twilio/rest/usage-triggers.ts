import { monthOf } from '../../../domain/month.ts';
import { countUsage } from '../model/usage.ts';
import { type FakeAnswer, type FakeRead, notFound } from './answers.ts';
import { fakeOldPage } from './pages.ts';

/** `GET /2010-04-01/Accounts/{AC}/Usage/Triggers.json?UsageCategory` */
export function listTriggers(read: FakeRead): FakeAnswer {
  const { model, url } = read;
  if (read.path[0] !== model.account.sid) return notFound(read);
  const category = url.searchParams.get('UsageCategory');
  const current = countUsage(model.usage, model.activities, monthOf(model.now()), true);
  const items = model.account.triggers
    .filter((trigger) => category === null || trigger.category === category)
    .map((trigger) => ({
      sid: trigger.sid,
      account_sid: model.account.sid,
      api_version: '2010-04-01',
      callback_method: 'POST',
      callback_url: 'https://example.com/alert',
      current_value: String(current),
      date_created: rfc2822(trigger.createdAt),
      date_fired: trigger.firedAt === null ? null : rfc2822(trigger.firedAt),
      date_updated: rfc2822(trigger.firedAt ?? trigger.createdAt),
      friendly_name: 'Active users',
      recurring: trigger.recurring,
      trigger_by: trigger.by,
      trigger_value: trigger.value,
      uri: `/2010-04-01/Accounts/${model.account.sid}/Usage/Triggers/${trigger.sid}.json`,
      usage_category: trigger.category,
      usage_record_uri: `/2010-04-01/Accounts/${model.account.sid}/Usage/Records.json?Category=${trigger.category}`,
    }));
  return fakeOldPage({ key: 'usage_triggers', items, url });
}

function rfc2822(ms: number): string {
  return new Date(ms).toUTCString().replace('GMT', '+0000');
}
