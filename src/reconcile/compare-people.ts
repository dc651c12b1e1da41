import type { Month } from '../domain/month.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { LedgerReader } from '../ledger/ledger.ts';
import { forEachRow } from '../reports/listing.ts';
import type { PeopleSource, PersonAtTwilio } from './ports.ts';

/** How many people only one side knows. */
export interface PeopleCounts {
  /** ISO-8601. */
  comparedAt: string;
  /** False when Twilio has more people than were looked through. */
  complete: boolean;
  /** People whom Twilio has on record for the service, of any month. */
  atTwilio: number;
  /** With a trace in the month at Twilio, and not in the ledger's month. */
  onlyAtTwilio: number;
  onlyAtTwilioBy: Record<NonNullable<PersonAtTwilio['trace']>, number>;
  /** In the ledger's month, and not on record at Twilio at all: whoever connects once has a record there. */
  onlyInLedger: number;
}

/** The same with names, the first of each. They are not kept. */
export interface PeopleComparison extends PeopleCounts {
  identities: { onlyAtTwilio: string[]; onlyInLedger: string[] };
}

/** They are held in memory meanwhile, some 20 MB. */
const PEOPLE_MAX = 100_000;
const NAMES_MAX = 1_000;

/**
 * Holds the month's identities against whom Twilio has on record, by list calls only.
 *
 * @throws TwilioUnavailable, what `signal` was aborted with, and what the ledger rejects with
 */
export async function comparePeople(
  { people, ledger }: { people: PeopleSource; ledger: Pick<LedgerReader, 'identities'> },
  service: ServiceName,
  month: Month,
  { nowMs, signal }: { nowMs: number; signal: AbortSignal },
): Promise<PeopleComparison> {
  const traces = new Map<string, PersonAtTwilio['trace']>();
  const pages = people.people(service, month, signal);
  let page = await pages.next();
  while (!page.done && traces.size < PEOPLE_MAX) {
    for (const { identity, trace } of page.value) {
      traces.set(identity, strongest(traces.get(identity) ?? null, trace));
    }
    page = await pages.next();
  }
  const complete = page.done === true && page.value.complete;
  const atTwilio = traces.size;
  const missing: string[] = [];
  let onlyInLedger = 0;
  await forEachRow(
    (page) => ledger.identities(service, month, page),
    signal,
    ({ identity }) => {
      if (traces.delete(identity)) return;
      onlyInLedger += 1;
      if (missing.length < NAMES_MAX) missing.push(identity);
    },
  );
  const extra = [...traces].filter(
    (entry): entry is [string, NonNullable<(typeof entry)[1]>] => entry[1] !== null,
  );
  const by = (trace: PersonAtTwilio['trace']) => extra.filter(([, found]) => found === trace).length;
  return {
    comparedAt: new Date(nowMs).toISOString(),
    ...{ complete, atTwilio, onlyAtTwilio: extra.length, onlyInLedger: complete ? onlyInLedger : 0 },
    onlyAtTwilioBy: { created: by('created'), updated: by('updated'), added: by('added') },
    identities: {
      onlyAtTwilio: extra.slice(0, NAMES_MAX).map(([identity]) => identity),
      onlyInLedger: complete ? missing : [],
    },
  };
}

const STRENGTH = { created: 3, added: 2, updated: 1 } as const;

function strongest(one: PersonAtTwilio['trace'], two: PersonAtTwilio['trace']): PersonAtTwilio['trace'] {
  if (one === null || two === null) return one ?? two;
  return STRENGTH[one] >= STRENGTH[two] ? one : two;
}
