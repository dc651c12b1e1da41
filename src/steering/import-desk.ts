import { monthOf } from '../domain/month.ts';
import type { ServiceName } from '../domain/service-name.ts';
import type { BondLedger } from '../ledger/bonds.ts';
import type { LedgerSteering } from '../ledger/steering.ts';
import { checkImport, type ImportCheck, LINKS_A_CALL } from './check-import.ts';
import { findImportClashes } from './find-import-clashes.ts';
import { type ImportPair, type PeopleOfLists, parseImportPair } from './import-person.ts';
import type { ImportFault } from './import-rows.ts';
import { countFaults, FAULTS_LISTED_MAX, LIST_ROWS_MAX, toInputFaults } from './list-faults.ts';
import { makeWrite, recallWrite, type WritePlan, type WriteTerms, type Written } from './operator-write.ts';
import { parseCsvImport } from './parse-csv-import.ts';
import { parseNdjsonImport } from './parse-ndjson-import.ts';
import { type SteeringRefusal, steeringRefusals } from './refusals.ts';

export interface ImportFile {
  format: 'csv' | 'ndjson';
  body: Buffer;
  /** Only say what would be done. */
  dryRun: boolean;
}

/** What an import did, or with `dryRun` would do. */
export interface ImportReport {
  service: ServiceName;
  dryRun: boolean;
  /** Lines read, also faulty ones. */
  rows: number;
  /** Links written; with `dryRun` those that would be, were it not for the faults. */
  linked: number;
  /** Rows that were so already. */
  unchanged: number;
  /** All faults; `faults` lists the first 1000 of them in the order of lines. */
  faultsTotal: number;
  faults: ImportFault[];
}

/** Taking over existing user → identity pairs, so that moving here counts nobody twice. */
export interface ImportDesk {
  /**
   * Checks the whole file against itself and the ledger, then links in steps of 1000 pairs, each with an audit entry.
   * A file with any fault changes nothing. Safe to repeat: what is linked already is left as it is, also after a run
   * that broke off half-way.
   */
  run(service: ServiceName, file: ImportFile, terms: WriteTerms): Promise<Written | SteeringRefusal>;
}

export interface ImportDeskParts extends PeopleOfLists {
  ledger: LedgerSteering & Pick<BondLedger, 'linksOf' | 'identityFile'>;
}

export function createImportDesk(parts: ImportDeskParts): ImportDesk {
  const { ledger } = parts;

  return {
    async run(service, file, terms) {
      const recalled = await recallWrite(ledger, service, terms);
      if (recalled !== null) return recalled;

      const { rows, pairs, faults } = await readFile(file, parts);
      if (rows > LIST_ROWS_MAX) {
        const detail = `Has more than ${LIST_ROWS_MAX} rows; send it in parts.`;
        return steeringRefusals.invalid('The file is too long.', [{ pointer: '', detail }]);
      }
      const clashes = await findImportClashes(pairs);
      const clashing = new Set(clashes.map(({ line }) => line));
      const sound = pairs.filter(({ line }) => !clashing.has(line));
      const inFile = [...faults, ...clashes];
      const check = await checkImport(ledger, service, monthOf(terms.nowMs), sound);
      const report = buildReport(service, file, rows, check, [...inFile, ...check.faults]);

      if (file.dryRun) return { status: 200, body: report };
      if (inFile.length > 0) return steeringRefusals.invalid(summary(report), toInputFaults(report.faults));
      if (check.faults.length > 0)
        return steeringRefusals.conflict(summary(report), toInputFaults(report.faults));
      return writeLinks(service, check, report, terms);
    },
  };

  /** Only the last step keeps the answer: a run that breaks off before it is done again, not recalled. */
  async function writeLinks(
    service: ServiceName,
    { links }: ImportCheck,
    report: ImportReport,
    terms: WriteTerms,
  ): Promise<Written | SteeringRefusal> {
    const written: Written = { status: 200, body: report };
    for (let from = 0; ; from += LINKS_A_CALL) {
      const chunk = links.slice(from, from + LINKS_A_CALL);
      const isLast = from + LINKS_A_CALL >= links.length;
      const plan: WritePlan = {
        change: { kind: 'link', links: chunk },
        action: 'identities.import',
        target:
          links.length === 0
            ? 'no new link'
            : `new links ${from + 1} to ${from + chunk.length} of ${links.length}`,
        before: null,
        after: { linked: chunk.length },
        written,
      };
      const step = isLast ? terms : { ...terms, repeatable: null };
      const result = await makeWrite(ledger, service, plan, step);
      if ('outcome' in result || isLast) return result;
    }
  }
}

async function readFile(
  { format, body }: ImportFile,
  people: PeopleOfLists,
): Promise<{ rows: number; pairs: ImportPair[]; faults: ImportFault[] }> {
  const pairs: ImportPair[] = [];
  const faults: ImportFault[] = [];
  let rows = 0;
  for await (const row of format === 'csv' ? parseCsvImport(body) : parseNdjsonImport(body)) {
    rows += 1;
    if (rows > LIST_ROWS_MAX) break;
    const parsed = 'detail' in row ? [row] : parseImportPair(row, people);
    if (Array.isArray(parsed)) faults.push(...parsed);
    else pairs.push(parsed);
  }
  return { rows, pairs, faults };
}

function buildReport(
  service: ServiceName,
  { dryRun }: ImportFile,
  rows: number,
  check: ImportCheck,
  faults: ImportFault[],
): ImportReport {
  faults.sort((a, b) => a.line - b.line);
  return {
    service,
    dryRun,
    rows,
    linked: check.links.length,
    unchanged: check.unchanged,
    faultsTotal: faults.length,
    faults: faults.slice(0, FAULTS_LISTED_MAX),
  };
}

function summary({ faultsTotal, faults }: ImportReport): string {
  return `${countFaults(faultsTotal, faults.length)} Nothing was written.`;
}
