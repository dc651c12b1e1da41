import type { Month } from '../domain/month.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { TwilioTrouble } from '../domain/twilio-unavailable.ts';
import type { MonthDocuments } from '../ledger/month-documents.ts';
import type { PeopleCounts } from './compare-people.ts';
import type { SetupFinding, TriggerFigures, UsageFigures } from './ports.ts';

/** What Twilio answered at one time. */
export interface KeptUsage {
  /** ISO-8601. */
  pulledAt: string;
  /** Null: Twilio had no record of the month. */
  figures: UsageFigures | null;
  /** When the same was answered last, ISO-8601; absent when it was answered once. */
  seenAgainAt?: string;
}

/** When Twilio's answer was read last, ISO-8601. */
export function lastReadAt({ pulledAt, seenAgainAt }: KeptUsage): string {
  return seenAgainAt ?? pulledAt;
}

/** How the latest try to pull figures ended. */
export interface KeptAttempt {
  /** ISO-8601. */
  at: string;
  /** Null when it went well. */
  failure: { trouble: TwilioTrouble; says: string; nextStep: string } | null;
}

export interface KeptTriggers {
  /** ISO-8601. */
  checkedAt: string;
  triggers: TriggerFigures[];
}

export interface KeptSetup {
  /** ISO-8601. */
  lookedAt: string;
  findings: SetupFinding[];
}

/** Everything that was pulled of a month; earlier figures stay beside later ones. */
export interface KeptFigures {
  /** Oldest first. */
  usage: KeptUsage[];
  attempt: KeptAttempt | null;
  triggers: KeptTriggers | null;
  people: PeopleCounts | null;
}

const PREFIX = 'twilio:';
const USAGE = `${PREFIX}usage:`;
const ATTEMPT = `${PREFIX}attempt`;
const TRIGGERS = `${PREFIX}triggers`;
const PEOPLE = `${PREFIX}people`;
const SETUP = `${PREFIX}setup`;

export async function readKeptFigures(
  ledger: Pick<MonthDocuments, 'documents'>,
  service: ServiceName,
  month: Month,
): Promise<KeptFigures> {
  const documents = await ledger.documents(service, month, PREFIX);
  const find = <Kept>(named: string): Kept | null => {
    const found = documents.find(({ name }) => name === named);
    return found === undefined ? null : (JSON.parse(found.text) as Kept);
  };
  return {
    usage: documents
      .filter(({ name }) => name.startsWith(USAGE))
      .map(({ text }) => JSON.parse(text) as KeptUsage),
    attempt: find<KeptAttempt>(ATTEMPT),
    triggers: find<KeptTriggers>(TRIGGERS),
    people: find<PeopleCounts>(PEOPLE),
  };
}

/** How the service was set up at Twilio when a pull of this month looked last; null: none has. */
export async function readKeptSetup(
  ledger: Pick<MonthDocuments, 'documents'>,
  service: ServiceName,
  month: Month,
): Promise<KeptSetup | null> {
  const [document] = await ledger.documents(service, month, SETUP);
  return document === undefined ? null : (JSON.parse(document.text) as KeptSetup);
}

/** Keeps what one pull brought. */
export interface FigureKeeper {
  /** A record of its own only where something changed: an answer that says the same is the same record, seen again. */
  usage(usage: KeptUsage): Promise<void>;
  attempt(attempt: KeptAttempt): Promise<void>;
  triggers(triggers: KeptTriggers): Promise<void>;
  people(people: PeopleCounts): Promise<void>;
  setup(setup: KeptSetup): Promise<void>;
}

export function keepFigures(
  ledger: Pick<MonthDocuments, 'documents' | 'keepDocument'>,
  service: ServiceName,
  month: Month,
): FigureKeeper {
  const keep = async (name: string, value: object) => {
    await ledger.keepDocument(service, month, { name, text: JSON.stringify(value) });
  };
  return {
    async usage(usage) {
      const latest = (await ledger.documents(service, month, USAGE)).at(-1);
      const known = latest && (JSON.parse(latest.text) as KeptUsage);
      if (latest !== undefined && known !== undefined && isSame(known, usage)) {
        const seen: KeptUsage = { ...known, figures: usage.figures, seenAgainAt: usage.pulledAt };
        const document = { name: latest.name, text: JSON.stringify(seen) };
        // Another gateway may have pulled meanwhile: then this answer is kept by itself.
        if (await ledger.keepDocument(service, month, document, latest.text)) return;
      }
      await keep(`${USAGE}${usage.pulledAt}`, usage);
    },
    attempt: (attempt) => keep(ATTEMPT, attempt),
    triggers: (triggers) => keep(TRIGGERS, triggers),
    people: (people) => keep(PEOPLE, people),
    setup: (setup) => keep(SETUP, setup),
  };
}

/** Whether a later answer says nothing new but until when it counts. */
function isSame(known: KeptUsage, later: KeptUsage): boolean {
  if (later.pulledAt <= lastReadAt(known)) return false;
  return JSON.stringify(withoutAsOf(known)) === JSON.stringify(withoutAsOf(later));
}

function withoutAsOf({ figures }: KeptUsage): object | null {
  return figures && { ...figures, asOf: null };
}
