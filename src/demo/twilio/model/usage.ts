import type { Month } from '../../../domain/month.ts';
import { activeUsers, FAKE_COUNTING, type FakeActivity, type FakeCountingName } from './activity.ts';

/** How the fake counts and prices what the account has used. */
export interface FakeUsage {
  /** Which reading of its own pages Twilio follows. */
  counting: FakeCountingName;
  /** US dollars of one active user. */
  pricePerUser: number;
  /** As the API writes it. */
  currency: string;
  /** Until when data has come in, ms since the epoch; null: until now. */
  asOf: number | null;
  /** Active users of the subaccounts; in the figures unless a caller leaves subaccounts out. */
  subaccountUsers: number;
}

/** The category that Twilio names for active users. */
export const USERS_CATEGORY = 'pchat-users';

export function createUsage(): FakeUsage {
  return { counting: 'identity-page', pricePerUser: 0.05, currency: 'usd', asOf: null, subaccountUsers: 0 };
}

/** Active users of a month, of the whole account. */
export function countUsage(
  usage: FakeUsage,
  activities: readonly FakeActivity[],
  month: Month,
  includeSubaccounts: boolean,
): number {
  const seen = usage.asOf === null ? activities : activities.filter(({ at }) => at <= (usage.asOf ?? 0));
  const own = activeUsers(seen, month, FAKE_COUNTING[usage.counting]).size;
  return own + (includeSubaccounts ? usage.subaccountUsers : 0);
}
