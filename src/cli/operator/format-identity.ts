import type { IdentityPageAnswer, ImportReportAnswer } from '../../contract/steering.ts';
import { type Cell, formatFacts, formatRows } from './format-rows.ts';
import { printable } from './printable.ts';

/** Everything that is known of an identity. */
export function formatIdentity({ identity, service, blocked, links, months }: IdentityPageAnswer): string[] {
  const facts: [string, Cell][] = [
    ['identity', identity],
    ['service', service],
    ['blocked', blocked ? 'yes: no new tokens' : 'no'],
    ['served as', links.servedAs],
    ['served for', links.servedFor],
  ];
  const rows = months.map(
    ({ month, class: className, tenant, firstSeen, lastSeen, mints, signals }): Cell[] => [
      ...[month, className, tenant, firstSeen, lastSeen],
      mints,
      signals.map(({ signal }) => signal).join(' '),
    ],
  );
  return [
    ...formatFacts(facts),
    ...(rows.length === 0
      ? []
      : [
          '',
          ...formatRows(['month', 'class', 'tenant', 'first seen', 'last seen', 'mints', 'signals'], rows),
        ]),
  ];
}

/** What an import did, or would do. */
export function formatImport(report: ImportReportAnswer): string[] {
  const { dryRun, rows, linked, unchanged, faultsTotal } = report;
  return [
    ...formatFacts([
      ['rows', rows],
      [dryRun ? 'would be linked' : 'linked', linked],
      ['so already', unchanged],
      ['faults', faultsTotal],
    ]),
    ...formatFaults(report),
  ];
}

function formatFaults({ faults, faultsTotal }: ImportReportAnswer): string[] {
  if (faultsTotal === 0) return [];
  const lines = faults.map(({ line, column, detail }) =>
    printable(`line ${line}${column === null ? '' : `, ${column}`}: ${detail}`),
  );
  const more = faultsTotal - faults.length;
  return ['', ...lines, ...(more > 0 ? [`and ${more} more`] : [])];
}
