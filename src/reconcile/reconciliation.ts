import type { Month } from '../domain/month.ts';
import { monthEndSeconds } from '../domain/month.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { DayTotals, MonthTotals } from '../ledger/ledger.ts';
import type { MonthSummary } from '../reports/month-summary.ts';
import { CAUSE_WORDS } from './cause-words.ts';
import type { PeopleCounts } from './compare-people.ts';
import { type KeptAttempt, type KeptFigures, lastReadAt } from './kept-figures.ts';
import { countGroups, type LedgerGroup } from './ledger-groups.ts';
import type { UsageFigures } from './ports.ts';
import { type GapShare, type PossibleCause, splitGap } from './split-gap.ts';
import { type TriggerView, viewTriggers } from './trigger-view.ts';

/** A month's ledger beside Twilio's own record, as the operator API gives it. */
export interface Reconciliation {
  month: Month;
  service: ServiceName;
  /** When the ledger was read, ISO-8601. */
  asOf: string;
  category: string;
  state: 'compared' | 'no-record' | 'never-pulled';
  ledger: {
    /** Identities of the month, and how many got a token and were seen connected. */
    total: number;
    minted: number;
    connected: number;
    /** Active users by the rules in force. */
    low: number;
    high: number;
    rules: string;
    groups: Record<LedgerGroup, number>;
  };
  /** What the ledger's range costs by the price table. */
  cost: { currency: 'USD'; low: number; high: number; table: string };
  /** Of the whole account; null until a record was pulled. */
  twilio: (UsageFigures & { pulledAt: string; ageSeconds: number }) | null;
  /** Twilio's count less the ledger's identities. */
  gap: number | null;
  /** Whether Twilio's count lies in the ledger's range, that of the account's other services included. */
  withinRange: boolean | null;
  causes: (GapShare & { says: string; nextStep: string })[];
  /** What each known reading of the rules comes to, and whether it is Twilio's count. */
  readings: { rules: string; low: number; high: number; isTwilios: boolean }[];
  /** Every record that was pulled, newest first, 100 at most; pulls that said the same are one. */
  records: {
    pulledAt: string;
    seenAgainAt: string | null;
    asOf: string | null;
    count: number | null;
    price: number | null;
  }[];
  /** How the latest try to pull ended. */
  attempt: KeptAttempt | null;
  trigger: TriggerView | null;
  people: PeopleCounts | null;
}

/** What one set of counting rules comes to. */
export interface Reading {
  rules: string;
  low: number;
  high: number;
  /** The same with the account's other services: Twilio's count is the account's. */
  ofAccount: { low: number; high: number };
}

export interface ReconciliationFacts {
  summary: MonthSummary;
  totals: MonthTotals;
  days: readonly DayTotals[];
  readings: readonly Reading[];
  /** Identities of the account's other services that the gateway knows, this month. */
  otherServices: number;
  kept: KeptFigures;
  category: string;
  nowMs: number;
}

const RECORDS_SHOWN = 100;

export function buildReconciliation(facts: ReconciliationFacts): Reconciliation {
  const { summary, totals, kept, category, nowMs } = facts;
  const { month, service, asOf, activeUsers, identities } = summary;
  const latest = kept.usage.findLast(({ figures }) => figures !== null);
  const figures = latest?.figures ?? null;
  const gap = figures === null ? null : figures.count - totals.all;
  const range = facts.readings.find(({ rules }) => rules === activeUsers.rules)?.ofAccount ?? activeUsers;
  return {
    ...{ month, service, asOf, category },
    state: figures !== null ? 'compared' : kept.usage.length > 0 ? 'no-record' : 'never-pulled',
    ledger: {
      total: totals.all,
      minted: identities.bySignal.minted,
      connected: identities.bySignal.connected,
      ...{ low: activeUsers.low, high: activeUsers.high, rules: activeUsers.rules },
      groups: countGroups(totals),
    },
    cost: summary.cost ?? { currency: 'USD', low: 0, high: 0, table: '' },
    twilio:
      figures === null || latest === undefined
        ? null
        : { ...figures, pulledAt: lastReadAt(latest), ageSeconds: ageOf(lastReadAt(latest), nowMs) },
    gap,
    withinRange: figures === null ? null : figures.count >= range.low && figures.count <= range.high,
    causes: gap === null ? [] : splitGap(gap, possibleCauses(facts, figures)).map(withWords),
    readings: facts.readings.map(({ ofAccount, ...reading }) => ({
      ...reading,
      isTwilios: figures !== null && (ofAccount.low === figures.count || ofAccount.high === figures.count),
    })),
    records: kept.usage
      .slice(-RECORDS_SHOWN)
      .reverse()
      .map((one) => ({
        pulledAt: one.pulledAt,
        seenAgainAt: one.seenAgainAt ?? null,
        asOf: one.figures?.asOf ?? null,
        count: one.figures?.count ?? null,
        price: one.figures?.price ?? null,
      })),
    attempt: kept.attempt,
    trigger: kept.triggers && viewTriggers(kept.triggers, category, totals.budget?.scopes.all ?? null),
    people: kept.people,
  };
}

function possibleCauses(
  { totals, days, otherServices, kept }: ReconciliationFacts,
  figures: UsageFigures | null,
): PossibleCause[] {
  const groups = countGroups(totals);
  const group = (cause: Exclude<LedgerGroup, 'undisputed'>): PossibleCause => ({
    ...{ cause, side: 'ledger' },
    identities: groups[cause],
  });
  return [
    group('never-connected'),
    { cause: 'other-services', side: 'twilio', identities: otherServices },
    { cause: 'rest-created', side: 'twilio', identities: kept.people?.onlyAtTwilio ?? 0 },
    group('addresses'),
    group('silent-participants'),
    group('disputed-acts'),
    group('rest-only'),
    group('silent-connections'),
    { cause: 'late-data', side: 'ledger', identities: countSince(days, totals.month, figures?.asOf ?? null) },
  ];
}

/** Identities first seen in a later hour than that of an instant; 0 for an instant behind the month. */
function countSince(days: readonly DayTotals[], month: Month, instant: string | null): number {
  if (instant === null || Date.parse(instant) >= monthEndSeconds(month) * 1000) return 0;
  const [dayOfInstant = '', hour = ''] = [instant.slice(0, 10), instant.slice(11, 13)];
  let identities = 0;
  for (const { day, newByHour } of days) {
    if (day < dayOfInstant) continue;
    const from = day === dayOfInstant ? Number(hour) + 1 : 0;
    for (const arrived of newByHour.slice(from)) identities += arrived;
  }
  return identities;
}

function withWords(share: GapShare) {
  return { ...share, ...CAUSE_WORDS[share.cause] };
}

function ageOf(instant: string, nowMs: number): number {
  return Math.max(0, Math.round((nowMs - Date.parse(instant)) / 1000));
}
