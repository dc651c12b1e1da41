import type { Identity } from '../../domain/identity.ts';
import { type Month, previousMonth } from '../../domain/month.ts';
import type { Reckoning } from '../../domain/reckoning.ts';
import type { ServiceName } from '../../domain/service-name.ts';
import { bitOf } from '../../domain/signal.ts';
import type { LedgerReader } from '../../ledger/ledger.ts';
import type { IdentityRecord } from '../../ledger/records.ts';
import { type CountedMonth, countActiveUsers } from '../count-active-users.ts';
import { forEachRow } from '../listing.ts';
import { costRange } from '../money/cost-of.ts';
import { Arrivals } from './arrivals.ts';
import { Trial, type TrialPerson, type TrialTally } from './trial.ts';
import type { TrialPolicy } from './trial-policy.ts';

/** What a recorded month would have been under another policy. */
export interface Simulation {
  month: Month;
  service: ServiceName;
  /** When the ledger was read, ISO-8601. */
  asOf: string;
  simulated: Outcome & {
    /** Newcomers whom a budget in mode `warn` would have refused in mode `block`. */
    warned: number;
  };
  /** What the ledger says it was. Its refusals are not in the log, so they are none of those of `simulated`. */
  recorded: Outcome;
  /** Version of the counting rules behind the costs. */
  rules: string;
  /** What a log cannot know; read it before the figures. */
  notes: readonly string[];
}

interface Outcome {
  identities: { total: number; byClass: Record<string, number> };
  minted: number;
  /** By code. */
  refused: Record<string, number>;
  /** US dollars of active users, in the low and the high reading of the rules. */
  cost: { currency: 'USD'; low: number; high: number; table: string };
}

export interface SimulationRequest {
  service: ServiceName;
  month: Month;
  trial: TrialPolicy;
  /** Configured class names. */
  classes: readonly string[];
  reckoning: Reckoning;
  /** Clock reading of the request, ms since the epoch. */
  nowMs: number;
  /** Ends the work early, such as when nobody waits for the answer any more. */
  signal: AbortSignal;
}

type Reader = Pick<LedgerReader, 'totals' | 'identities' | 'mints'>;

const REASON_MASK = bitOf('joined') | bitOf('messaged');

const SIMULATION_NOTES: readonly string[] = [
  'Only logged mints are played again: requests that were refused or given their last token again are not in the log, so a more generous policy may have served more people than this says.',
  'People do what they did: nobody asks again, waits or leaves because of a refusal.',
  'Identities known by evidence before their first mint, or without one, are counted whatever the policy; evidence after a mint that would have been refused is taken to follow from it.',
  'Blocks, freezes and headers of the requests are not in the log; a token across the turn of a month is decided for this month alone.',
];

/**
 * Plays the mint log of a month again under another policy. Holds the month's people in memory, some 150 bytes each,
 * and lets other requests in between pages.
 *
 * @throws what `signal` was aborted with
 */
export async function simulateMonth(ledger: Reader, request: SimulationRequest): Promise<Simulation> {
  const { service, month, nowMs, signal, reckoning } = request;
  const totals = await ledger.totals(service, month);
  const { people, arrivals, byMask } = await readPeople(ledger, request);
  const trial = new Trial(month, request.trial, request.classes);
  const arriveUntil = (until: number) => {
    for (const { className, tenant, at } of arrivals.takeUntil(until)) trial.arrive(className, tenant, at);
  };

  await forEachRow(
    (page) => ledger.mints(service, month, page),
    signal,
    (record) => {
      arriveUntil(record.issuedAt);
      const person = people.get(record.identity) ?? stranger(people, record.identity);
      if (!person.logged && !person.counted && record.outcome === 'known') {
        person.counted = true;
        trial.arrive(record.className, person.tenant, record.issuedAt);
      }
      person.logged = true;
      trial.mint(record, person);
    },
  );
  arriveUntil(Number.POSITIVE_INFINITY);

  const tally = trial.tally();
  for (const { counted, mask } of people.values()) if (counted) addTo(byMask, mask);
  const masks = [...byMask].map(([mask, identities]) => ({ mask, identities }));
  const { conversations } = totals;
  return {
    month,
    service,
    asOf: new Date(nowMs).toISOString(),
    simulated: { ...buildOutcome(tally, { masks, conversations }, reckoning), warned: tally.warned },
    recorded: buildOutcome({ ...totals, identities: totals.all }, totals, reckoning),
    rules: reckoning.rules.version,
    notes: SIMULATION_NOTES,
  };
}

interface LoggedPerson extends TrialPerson {
  /** Seen in the log already. */
  logged: boolean;
}

interface MonthPeople {
  /** Everybody with a mint of this month. */
  people: Map<Identity, LoggedPerson>;
  /** Those whom evidence counted before any mint, or without one. */
  arrivals: Arrivals;
  /** How many of those without a mint have exactly these bits. */
  byMask: Map<number, number>;
}

async function readPeople(ledger: Reader, request: SimulationRequest): Promise<MonthPeople> {
  const { service, month, trial, signal } = request;
  const reasons = needsReasons(trial) ? await readReasons(ledger, request) : null;
  const people = new Map<Identity, LoggedPerson>();
  const arrivals = new Arrivals(month);
  const byMask = new Map<number, number>();
  await forEachRow(
    (page) => ledger.identities(service, month, page),
    signal,
    (record) => {
      const { identity, className, tenant, mask, firstSeen } = record;
      const counted = cameByEvidence(record);
      if (counted) arrivals.add({ className, tenant, at: firstSeen });
      if (record.mints > 0) {
        people.set(identity, {
          tenant,
          mask,
          reason: reasons?.has(identity) ?? false,
          counted,
          logged: false,
        });
      } else addTo(byMask, mask);
    },
  );
  return { people, arrivals, byMask };
}

function addTo(byMask: Map<number, number>, mask: number): void {
  byMask.set(mask, (byMask.get(mask) ?? 0) + 1);
}

/** Whether the person was counted before, or without, a mint of this month. */
function cameByEvidence({ mints, firstSeen, signals }: IdentityRecord): boolean {
  if (mints === 0) return true;
  const minted = signals.find(({ signal }) => signal === 'minted');
  return minted === undefined || minted.source === 'previous-month' || firstSeen < minted.firstAt;
}

function needsReasons({ policy }: TrialPolicy): boolean {
  return Object.values(policy.intents).includes('needs-reason');
}

/** Whom the month before gives a reason to connect. */
async function readReasons(ledger: Reader, request: SimulationRequest): Promise<Set<Identity>> {
  const { service, month, signal } = request;
  const reasons = new Set<Identity>();
  const before = previousMonth(month);
  await forEachRow(
    (page) => ledger.identities(service, before, page),
    signal,
    ({ identity, mask }) => {
      if ((mask & REASON_MASK) !== 0) reasons.add(identity);
    },
  );
  return reasons;
}

/** Somebody of the log whom the month does not list, such as one who was erased meanwhile. */
function stranger(people: Map<Identity, LoggedPerson>, identity: Identity): LoggedPerson {
  const person = { tenant: null, mask: 0, reason: false, counted: false, logged: false };
  people.set(identity, person);
  return person;
}

type Counts = Pick<TrialTally, 'identities' | 'byClass' | 'minted' | 'refused'>;

function buildOutcome(
  { identities, byClass, minted, refused }: Counts,
  counted: CountedMonth,
  { rules, prices }: Reckoning,
): Outcome {
  const cost = costRange(prices, countActiveUsers(counted, rules));
  return { identities: { total: identities, byClass }, minted, refused, cost };
}
