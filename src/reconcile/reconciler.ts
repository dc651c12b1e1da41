import type { Clock } from '../domain/clock.ts';
import type { CountingRules } from '../domain/counting-rules.ts';
import { type Month, monthOf } from '../domain/month.ts';
import type { ServiceName } from '../domain/service-name.ts';
import { TwilioUnavailable } from '../domain/twilio-unavailable.ts';
import type { Ledger, MonthTotals } from '../ledger/ledger.ts';
import { countActiveUsers } from '../reports/count-active-users.ts';
import type { MonthReports } from '../reports/month-reports.ts';
import { comparePeople, type PeopleComparison } from './compare-people.ts';
import { keepFigures, readKeptFigures } from './kept-figures.ts';
import type { PeopleSource, ReconcileEvent, SetupSource, UsageSource } from './ports.ts';
import { buildReconciliation, type Reading, type Reconciliation } from './reconciliation.ts';

/** A reconciliation with the names of those whom only one side knows, where they were asked for. */
export type PulledReconciliation = Reconciliation & { identities?: PeopleComparison['identities'] };

export interface Reconciler {
  /** The ledger beside what was pulled last; zeros for a month without data. */
  read(service: ServiceName, month: Month): Promise<Reconciliation>;
  /**
   * Pulls Twilio's record anew and keeps it beside the earlier ones. Whoever asks for the same meanwhile gets the same
   * answer.
   *
   * @throws TwilioUnavailable; the earlier figures stay, and the failure is kept beside them
   */
  pull(service: ServiceName, month: Month, options: PullOptions): Promise<PulledReconciliation>;
}

export interface PullOptions {
  /** Also compares people by name, page by page through Twilio's lists. */
  people: boolean;
  signal: AbortSignal;
}

export interface ReconcilerParts {
  ledger: Ledger;
  reports: Pick<MonthReports, 'summaryAndTotals'>;
  clock: Clock;
  usage: UsageSource;
  people: PeopleSource;
  setup: SetupSource;
  category: string;
  /** Every reading of the rules that is known. */
  ruleSets: readonly CountingRules[];
  /** The other services of the same account. */
  siblings(service: ServiceName): readonly ServiceName[];
  onEvent(event: ReconcileEvent): void;
}

export function createReconciler(parts: ReconcilerParts): Reconciler {
  const { ledger, reports, clock, usage, category, onEvent } = parts;
  const flights = new Map<string, { answer: Promise<PulledReconciliation>; signal: AbortSignal }>();

  async function read(service: ServiceName, month: Month): Promise<Reconciliation> {
    const [{ summary, totals }, days, kept, others] = await Promise.all([
      reports.summaryAndTotals(service, month),
      ledger.days(service, month),
      readKeptFigures(ledger, service, month),
      Promise.all(parts.siblings(service).map((sibling) => ledger.totals(sibling, month))),
    ]);
    return buildReconciliation({
      ...{ summary, totals, days, kept, category, nowMs: clock.now() },
      readings: parts.ruleSets.map((rules) => readBy(rules, totals, others)),
      otherServices: others.reduce((sum, { all }) => sum + all, 0),
    });
  }

  async function pull(
    service: ServiceName,
    month: Month,
    { people, signal }: PullOptions,
  ): Promise<PulledReconciliation> {
    const keeper = keepFigures(ledger, service, month);
    const at = new Date(clock.now()).toISOString();
    try {
      const figures = await usage.readMonth(service, month, category);
      await keeper.usage({ pulledAt: at, figures });
      // A key may be allowed to read usage and not its triggers; the figures do not depend on them.
      const triggers = await usage.listTriggers(service, category).catch(ifUnavailable(null));
      if (triggers !== null) await keeper.triggers({ checkedAt: at, triggers });
      // It is as it is now, whatever month was asked for.
      const found =
        month === monthOf(clock.now()) ? await parts.setup.judge(service).catch(ifUnavailable(null)) : null;
      if (found !== null) await keeper.setup({ lookedAt: at, findings: found });
      const compared = people
        ? await comparePeople(parts, service, month, { nowMs: clock.now(), signal })
        : null;
      if (compared !== null) {
        const { identities: _names, ...counts } = compared;
        await keeper.people(counts);
      }
      await keeper.attempt({ at, failure: null });
      const answer = await read(service, month);
      onEvent({
        event: 'reconcile.pulled',
        service,
        month,
        twilio: figures?.count ?? null,
        ledger: answer.ledger.total,
      });
      return compared === null ? answer : { ...answer, identities: compared.identities };
    } catch (error) {
      if (error instanceof TwilioUnavailable) {
        const { trouble, says, nextStep } = error;
        onEvent({ event: 'reconcile.failed', service, month, trouble });
        await keeper.attempt({ at, failure: { trouble, says, nextStep } });
      } else if (!signal.aborted) {
        onEvent({ event: 'reconcile.failed', service, month, trouble: 'internal', failure: error });
      }
      throw error;
    }
  }

  function pullTogether(
    service: ServiceName,
    month: Month,
    options: PullOptions,
  ): Promise<PulledReconciliation> {
    const name = `${service} ${month} ${options.people}`;
    const joined = flights.get(name);
    if (joined !== undefined) {
      return joined.answer.catch((error: unknown) => {
        // Whoever began it went away; those who joined still wait.
        if (joined.signal.aborted && !options.signal.aborted) return pullTogether(service, month, options);
        throw error;
      });
    }
    const answer = pull(service, month, options).finally(() => flights.delete(name));
    flights.set(name, { answer, signal: options.signal });
    return answer;
  }

  return { read, pull: pullTogether };
}

function readBy(rules: CountingRules, totals: MonthTotals, others: readonly MonthTotals[]): Reading {
  const { low, high } = countActiveUsers(totals, rules);
  const ofAccount = { low, high };
  for (const other of others) {
    const counted = countActiveUsers(other, rules);
    ofAccount.low += counted.low;
    ofAccount.high += counted.high;
  }
  return { rules: rules.version, low, high, ofAccount };
}

function ifUnavailable<Instead>(instead: Instead) {
  return (error: unknown): Instead => {
    if (error instanceof TwilioUnavailable) return instead;
    throw error;
  };
}
