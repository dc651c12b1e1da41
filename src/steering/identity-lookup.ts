import { setImmediate as letOthersRun } from 'node:timers/promises';
import type { Identity } from '../domain/identity.ts';
import type { Month } from '../domain/month.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { BondLedger } from '../ledger/bonds.ts';
import type { IdentityRecord } from '../ledger/records.ts';
import type { PeopleOfLists } from './import-person.ts';
import type { ImportFault, ListShape } from './import-rows.ts';
import { countFaults, FAULTS_LISTED_MAX, LIST_ROWS_MAX, toInputFaults } from './list-faults.ts';
import { callerOf, type ListedPerson, parseListedPerson } from './listed-person.ts';
import type { NoteDesk } from './note-desk.ts';
import type { WriteTerms } from './operator-write.ts';
import { parseCsvImport } from './parse-csv-import.ts';
import { parseNdjsonImport } from './parse-ndjson-import.ts';
import { type SteeringRefusal, steeringRefusals } from './refusals.ts';

/** A list of people as their authorities name them. */
export interface PeopleList {
  format: 'csv' | 'ndjson';
  body: Buffer;
}

/** One person of a list by what they are called at Twilio. */
export interface NamedPerson {
  /** Of the list, from 1. */
  line: number;
  issuer: string;
  subject: string;
  className: string;
  /** Derived from issuer, subject and class; null for a subject that cannot be a chat identity. */
  own: Identity | null;
  /** What they are served as; null without an own identity, and where somebody else has taken theirs over. */
  identity: Identity | null;
  /** Of that identity in the month that is asked for; null when it was not counted there. */
  record: IdentityRecord | null;
}

export interface Lookup {
  /** Lines of the list. */
  rows: number;
  /** In the order of lines; read from the ledger as they are taken, some at a time. */
  people: AsyncGenerator<NamedPerson[], void, undefined>;
}

/** From the app's own users to identities: the ledger knows no subject, so somebody has to say who is meant. */
export interface LookupDesk {
  /**
   * Checks the whole list first: one with any fault names nobody. Who asked, why and for how many is written to the
   * audit log before anybody is named. Changes nothing else.
   *
   * A line that names no class gives a row for each class under which the ledger knows the person, by a link or in the
   * month: they may have come as any of them, and were counted as each. Whom it does not know gets one row.
   *
   * @param month null: only what they are called
   */
  run(
    service: ServiceName,
    list: PeopleList,
    month: Month | null,
    terms: WriteTerms,
  ): Promise<Lookup | SteeringRefusal>;
}

export interface LookupDeskParts extends PeopleOfLists {
  ledger: Pick<BondLedger, 'findPeople'>;
  notes: NoteDesk;
  /** Whether people of the month have left the ledger, so that it cannot say who was there. */
  hasLostPeople(service: ServiceName, month: Month): Promise<boolean>;
}

const LOOKUP_SHAPE: ListShape = {
  known: ['issuer', 'subject', 'class'],
  needed: ['subject'],
  // Lists of users have names, plans and addresses, too.
  others: 'ignored',
};

/** Asked for in one call: some 3 ms of the embedded ledger, during which nobody else is served. */
const PEOPLE_A_CALL = 250;

interface Line {
  line: number;
  person: ListedPerson;
}

export function createLookupDesk(parts: LookupDeskParts): LookupDesk {
  return {
    async run(service, list, month, terms) {
      const { rows, faults, faultsTotal } = await checkList(list, parts);
      if (rows > LIST_ROWS_MAX) {
        const detail = `Has more than ${LIST_ROWS_MAX} rows; send it in parts.`;
        return steeringRefusals.invalid('The list is too long.', [{ pointer: '', detail }]);
      }
      if (faultsTotal > 0) {
        const said = `${countFaults(faultsTotal, faults.length)} Nobody was named.`;
        return steeringRefusals.invalid(said, toInputFaults(faults));
      }
      if (month !== null && (await parts.hasLostPeople(service, month))) {
        return steeringRefusals.archived(month, ', or ask without a month');
      }
      const note = {
        action: 'identities.name',
        target: month === null ? 'identities' : `identities of ${month}`,
        after: { rows },
      } as const;
      const written = await parts.notes.note(service, note, terms);
      if ('outcome' in written) return written;
      return { rows, people: nameList(parts, service, list, month) };
    },
  };
}

/** Looks at every line and keeps none: a list is read twice rather than held twice. */
async function checkList(
  list: PeopleList,
  people: PeopleOfLists,
): Promise<{ rows: number; faults: ImportFault[]; faultsTotal: number }> {
  const faults: ImportFault[] = [];
  let [rows, faultsTotal] = [0, 0];
  for await (const row of readLines(list)) {
    rows += 1;
    if (rows > LIST_ROWS_MAX) break;
    const found = 'detail' in row ? [row] : parseListedPerson(row, people).faults;
    faultsTotal += found.length;
    faults.push(...found.slice(0, FAULTS_LISTED_MAX - faults.length));
  }
  return { rows, faults, faultsTotal };
}

function readLines({ format, body }: PeopleList) {
  return format === 'csv' ? parseCsvImport(body, LOOKUP_SHAPE) : parseNdjsonImport(body, LOOKUP_SHAPE);
}

async function* nameList(
  parts: LookupDeskParts,
  service: ServiceName,
  list: PeopleList,
  month: Month | null,
): AsyncGenerator<NamedPerson[], void, undefined> {
  // Each may be as many people as there are classes.
  const linesMax = Math.max(1, Math.floor(PEOPLE_A_CALL / parts.classes.length));
  let lines: Line[] = [];
  for await (const row of readLines(list)) {
    const person = 'detail' in row ? null : parseListedPerson(row, parts).person;
    if (person !== null) lines.push({ line: row.line, person });
    if (lines.length < linesMax) continue;
    yield await nameLines(parts, service, lines, month);
    lines = [];
    await letOthersRun();
  }
  yield await nameLines(parts, service, lines, month);
}

async function nameLines(
  { ledger, resolveIdentity }: LookupDeskParts,
  service: ServiceName,
  lines: readonly Line[],
  month: Month | null,
): Promise<NamedPerson[]> {
  const candidates = lines.map(({ person }) => ownIdentitiesOf(person, resolveIdentity));
  const own = candidates.flatMap((names) => [...names.keys()]);
  const found = await ledger.findPeople(service, own, month);
  let at = 0;
  return lines.flatMap(({ line, person: { issuer, subject, classNames } }, position) => {
    const rows = [...(candidates[position] ?? [])].map(([identity, classes]): NamedPerson => {
      const answer = found[at++] ?? { identity: null, record: null };
      const counted = classes.find((name) => name === answer.record?.className);
      const className = counted ?? classes[0] ?? classNames[0];
      return { line, issuer, subject, className, own: identity, ...answer };
    });
    const known = rows.filter((row) => row.record !== null || row.identity !== row.own);
    if (known.length > 0) return known;
    const nobody = {
      line,
      issuer,
      subject,
      className: classNames[0],
      own: null,
      identity: null,
      record: null,
    };
    return [rows[0] ?? nobody];
  });
}

/** Own identities of a person with the classes that give each: all of them where logins name the identity. */
function ownIdentitiesOf(
  person: ListedPerson,
  resolveIdentity: PeopleOfLists['resolveIdentity'],
): Map<Identity, string[]> {
  const own = new Map<Identity, string[]>();
  for (const className of person.classNames) {
    const resolved = resolveIdentity(callerOf(person, className));
    if (resolved.outcome === 'refused') continue;
    const classes = own.get(resolved.identity);
    if (classes === undefined) own.set(resolved.identity, [className]);
    else classes.push(className);
  }
  return own;
}
