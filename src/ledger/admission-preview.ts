import type { Identity } from '../domain/identity.ts';
import type { Month } from '../domain/month.ts';
import type { Limits } from './budget.ts';
import type { IdentityRecord } from './records.ts';

/** What an admission would look at. */
export interface AdmissionPreview {
  /** The effective identity, after links. */
  identity: Identity;
  blocked: boolean;
  /** True when the own identity was adopted by a member and serves nobody else any more. */
  adopted: boolean;
  /** The month of the token's first instant, then the other one it touches, if any. */
  months: MonthPreview[];
}

export interface MonthPreview {
  month: Month;
  /** The person's record, null for a newcomer. */
  record: IdentityRecord | null;
  /** Whether last month's record gives a reason to connect. */
  reason: boolean;
  limits: Limits;
  /** Identities of the month: `all`, and by class and tenant. */
  all: number;
  byClass: Record<string, number>;
  byTenant: Record<string, number>;
  /** Newcomers of configured classes in the UTC hour of the request. */
  newThisHour: number;
}
