import type { Identity } from '../domain/identity.ts';
import type { Month } from '../domain/month.ts';
import type { Limits } from './budget.ts';
import type { IdentityRecord } from './records.ts';

/** What an admission would find of the person. */
export interface Standing {
  /** The effective identity, after links. */
  identity: Identity;
  blocked: boolean;
  /** True when the own identity was adopted by a member and serves nobody else any more. */
  adopted: boolean;
  /** The month of the token's first instant, then the other one it touches, if any. */
  months: MonthStanding[];
}

export interface MonthStanding {
  month: Month;
  /** The person's record, null for a newcomer. */
  record: IdentityRecord | null;
  /** Whether last month's record gives a reason to connect. */
  reason: boolean;
}

/** The same, and what there is room for. */
export interface AdmissionPreview extends Standing {
  months: MonthPreview[];
}

export interface MonthPreview extends MonthStanding {
  limits: Limits;
  /** Identities of the month: `all`, and by class and tenant. */
  all: number;
  byClass: Record<string, number>;
  byTenant: Record<string, number>;
  /** Newcomers of configured classes in the UTC hour of the request. */
  newThisHour: number;
}
