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
    ...(trouble === null ? [] : [`failed at ${trouble.at} (${trouble.kind}): ${trouble.says}`]),
  ];
}

/** Every month of the ledger, a line each. */
export function formatArchiveList({ configured, months }: ArchiveListAnswer): string[] {
  const rows = months.map(({ month, running, entry, mints, people, trouble }): Cell[] => [
    ...[month, entry?.number ?? null, entry?.mintRows ?? null, entry?.identityRows ?? null, mints, people],
    running === null ? (trouble === null ? '' : `failed: ${trouble.says}`) : `at work (${running})`,
  ]);
  return [
    ...(configured
      ? []
      : ['no archive: retention.archive names no folder, and nothing ever leaves the ledger']),
    ...formatRows(['month', 'entry', 'mints', 'identities', 'mint log', 'people', ''], rows),
  ];
}

/** Whether the archive is what it was, and what is not. */
export function formatVerification(verification: ArchiveVerificationAnswer): string[] {
  const { service, ok, months, entries, head, findings } = verification;
  return [
    ok ? `${service}: the archive is what it was` : `${service}: the archive is NOT what it was`,
    ...formatFacts([
      ['months', months.length],
      ['entries', entries],
      ['end of the chain', head === null ? null : `${head.number} ${head.hash}`],
    ]),
    ...findings.map(({ month, number, kind, says }) => `${month ?? `entry ${number}`}: ${kind}: ${says}`),
  ];
}
