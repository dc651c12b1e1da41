import type { Month } from '../domain/month.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { TwilioTrouble } from '../domain/twilio-unavailable.ts';

/** What Twilio says that an account has used of a category in a month. It names nobody. */
export interface UsageFigures {
  /** Such as `pchat-users`. */
  category: string;
  /** `YYYY-MM-DD`, first and last day that the record is about. */
  startDate: string;
  endDate: string;
  /** For `pchat-users` the active users; whole and not negative. */
  count: number;
  /** In units of `usageUnit`; may have a fraction. */
  usage: number;
  usageUnit: string;
  /** US dollars, as Twilio states it. */
  price: number;
  currency: 'USD';
  /** Until when data has come in, ISO-8601; null when Twilio does not say. */
  asOf: string | null;
}

/** An alert of Twilio's own on a usage figure. */
export interface TriggerFigures {
  /** `UT…` */
  sid: string;
  /** What is compared with `value`. */
  by: 'count' | 'usage' | 'price';
  /** An absolute figure, or `+N`: from when the trigger was made. */
  value: string;
  /** Null: only once. */
  recurring: 'daily' | 'monthly' | 'yearly' | 'alltime' | null;
  /** ISO-8601, null when it never fired. */
  firedAt: string | null;
}

/** Usage of the account behind a service. Only reads; fails with `TwilioUnavailable`. */
export interface UsageSource {
  /** Without subaccounts; null when Twilio has no record of the month. */
  readMonth(service: ServiceName, month: Month, category: string): Promise<UsageFigures | null>;
  /** Triggers on the category that are switched on. */
  listTriggers(service: ServiceName, category: string): Promise<TriggerFigures[]>;
}

/** Somebody whom Twilio has on record, with the month's traces of them. */
export interface PersonAtTwilio {
  /** An identity, or an address as the ledger writes addresses. */
  identity: string;
  /** What in the month names them: their user record was made or changed, or they were added to a conversation. */
  trace: 'created' | 'updated' | 'added' | null;
}

/** Something in the setup of a service at Twilio that loses evidence, or opens a way round the budget. */
export interface SetupFinding {
  /** That of the doctor's check, such as `webhooks`. */
  id: string;
  /** Of the check, in a few words. */
  name: string;
  /** What was found. Names nobody. */
  says: string;
  why: string;
  fix: string;
}

/** How a service is set up at Twilio, judged. Only reads; fails with `TwilioUnavailable`. */
export interface SetupSource {
  /** Empty when all is well. */
  judge(service: ServiceName): Promise<SetupFinding[]>;
}

/** Who is on record at Twilio for a service, by list calls only. Fails with `TwilioUnavailable`. */
export interface PeopleSource {
  /** Page by page; somebody may come more than once. At the end it says whether that was everybody. */
  people(
    service: ServiceName,
    month: Month,
    signal: AbortSignal,
  ): AsyncGenerator<readonly PersonAtTwilio[], { complete: boolean }, undefined>;
}

/** One page of a list, and what to ask for to get the next one; null at the end. */
export interface ListPage<Item> {
  items: Item[];
  next: string | null;
}

/** Lists of Twilio's Conversations API; one call each, instants in ms since the epoch. Fail with `TwilioUnavailable`. */
export interface PeopleLists {
  users(
    service: ServiceName,
    next: string | null,
  ): Promise<ListPage<{ identity: string; createdAt: number; updatedAt: number }>>;
  /** @param createdBefore ms since the epoch */
  conversations(
    service: ServiceName,
    createdBefore: number,
    next: string | null,
  ): Promise<ListPage<{ sid: string }>>;
  participants(
    service: ServiceName,
    conversation: string,
    next: string | null,
  ): Promise<ListPage<{ identity: string | null; address: string | null; createdAt: number }>>;
}

/** One try to pull figures, for the log. */
export type ReconcileEvent =
  | { event: 'reconcile.pulled'; service: ServiceName; month: Month; twilio: number | null; ledger: number }
  | {
      event: 'reconcile.failed';
      service: ServiceName;
      month: Month;
      /** `internal`: not Twilio's doing, such as a ledger that is away; `failure` says more then. */
      trouble: TwilioTrouble | 'internal';
      failure?: unknown;
    };
