import type {
  ArchiveListAnswer,
  ArchiveVerificationAnswer,
  MonthArchiveAnswer,
} from '../../contract/archive.ts';
import { type Cell, formatFacts, formatRows } from './format-rows.ts';

/** How a month stands between ledger and archive. */
export function formatMonthArchive({
  month,
  service,
  running,
  counted,
  entry,
  mints,
  people,
  heldUntil,
  trouble,
}: MonthArchiveAnswer): string[] {
  const state =
    running === null ? (entry === null ? 'not in the archive' : 'in the archive') : `at work (${running})`;
  const facts: [string, Cell][] = [
    ...(entry === null
      ? []
      : ([
          ['entry', entry.number],
          ['mints', entry.mintRows],
          ['identities', entry.identityRows],
          ['signed by', entry.kid ?? 'nobody: MANIFEST_SIGNING_KEY is not set'],
        ] satisfies [string, Cell][])),
    ['mint log in the ledger', mints],
    ['identities in the ledger', people],
    ...(heldUntil === null ? [] : ([['left alone until', heldUntil]] satisfies [string, Cell][])),
  ];
  return [
    `${service}, ${month}: ${state}`,
    ...formatFacts(facts),
    ...(people === 'absent' ? [sayAbsent(month, counted)] : []),
    ...(trouble === null ? [] : [`failed at ${trouble.at} (${trouble.kind}): ${trouble.says}`]),
  ];
}

/** What is to be done about a month that the ledger may have lost. */
function sayAbsent(month: string, counted: boolean): string {
  const rest = counted ? ', and has people of its own' : '';
  return `the ledger does not know what the archive has${rest}: mau-guard restore --month ${month}`;
}

/** Every month of the ledger and of the archive, a line each. */
export function formatArchiveList({ configured, months }: ArchiveListAnswer): string[] {
  const rows = months.map(({ month, running, counted, entry, mints, people, trouble }): Cell[] => [
    ...[month, whereOf(counted, entry !== null)],
    ...[entry?.number ?? null, entry?.mintRows ?? null, entry?.identityRows ?? null, mints, people],
    ...[running === null ? noteOf(month, counted, people, trouble) : `at work (${running})`],
  ]);
  return [
    ...(configured
      ? []
      : ['no archive: retention.archive names no folder, and nothing ever leaves the ledger']),
    ...formatRows(['month', 'where', 'entry', 'mints', 'identities', 'mint log', 'people', ''], rows),
  ];
}

function whereOf(counted: boolean, archived: boolean): string {
  if (counted) return archived ? 'both' : 'ledger';
  return archived ? 'archive' : '–';
}

function noteOf(
  month: string,
  counted: boolean,
  people: MonthArchiveAnswer['people'],
  trouble: MonthArchiveAnswer['trouble'],
): string {
  if (trouble !== null) return `failed: ${trouble.says}`;
  return people === 'absent' ? sayAbsent(month, counted) : '';
}

/** Whether the archive is what it was, and what is not. */
export function formatVerification(verification: ArchiveVerificationAnswer): string[] {
  const { service, ok, months, entries, head, findings, unknown } = verification;
  return [
    ok ? `${service}: the archive is what it was` : `${service}: the archive is NOT what it was`,
    ...formatFacts([
      ['months', months.length === 0 ? 0 : `${months.length}: ${months.join(' ')}`],
      ['entries', entries],
      ['end of the chain', head === null ? null : `${head.number} ${head.hash}`],
    ]),
    ...findings.map(({ month, number, kind, says }) => `${month ?? `entry ${number}`}: ${kind}: ${says}`),
    ...(unknown.length === 0
      ? []
      : [`the ledger does not know ${unknown.join(' ')}: if it lost them, mau-guard restore --month …`]),
  ];
}
