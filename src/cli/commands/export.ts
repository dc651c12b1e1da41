import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type MonthSummary, monthSummarySchema } from '../../contract.ts';
import { amountOf } from '../../domain/amount-of.ts';
import { systemClock } from '../../system-clock.ts';
import type { AddCommand, CliIo } from '../cli-io.ts';
import { EXIT } from '../exit-codes.ts';
import { describeArchived } from '../operator/describe-archived.ts';
import { type Exported, type ExportFileFormat, exportRows } from '../operator/export-rows.ts';
import { createStreamSink, type ExportSink } from '../operator/export-sink.ts';
import { keepManifest } from '../operator/keep-manifest.ts';
import { measureExport } from '../operator/measure-export.ts';
import { openExportFile } from '../operator/open-export-file.ts';
import { addOperatorOptions, type OperatorOptions } from '../operator/operator-options.ts';
import { gather } from '../operator/parse-named.ts';
import { createProgressBar } from '../operator/progress-bar.ts';
import { createProgressLine } from '../operator/progress-line.ts';
import { resolveTarget } from '../operator/resolve-target.ts';
import { type Session, withGateway } from '../operator/session.ts';
import { UsageError } from '../operator/usage-error.ts';
import { verifyFile } from '../operator/verify-file.ts';

const EXAMPLES = `Examples:
  mau-guard export --month 2026-10 --format csv --out october.csv --manifest october.json
  mau-guard export --verify october.csv --manifest october.json
  mau-guard export --verify october.csv --manifest october.json --key public-key.pem
  mau-guard export --month current --format ndjson --class guest --not connected | wc -l
  mau-guard export --month 2026-10 --what mints --format json --out mints.json
`;

interface Options extends OperatorOptions {
  month: string;
  format: string;
  what: string;
  out?: string;
  class?: string;
  signal?: string[];
  not?: string[];
  manifest?: string;
  verify?: string;
  key?: string;
}

/** `export`: everybody of a month, or every mint, as a file; and whether a file is that export, whole and unchanged. */
export const addExportCommand: AddCommand = (program, io, finish) => {
  addOperatorOptions(program.command('export'))
    .description('write the identities of a month to a file, and verify such files')
    .addHelpText('before', EXAMPLES)
    .option('--month <month>', 'YYYY-MM or current', 'current')
    .option('--format <format>', 'csv, ndjson or json', 'csv')
    .option('--what <rows>', 'identities or mints', 'identities')
    .option('--out <file>', 'write there; a run that broke off goes on when it is repeated')
    .option('--class <class>', 'only this class')
    .option('--signal <signal>', 'only identities with this signal; may be repeated', gather)
    .option('--not <signal>', 'only identities without this signal; may be repeated', gather)
    .option('--manifest <file>', 'keep the manifest of the export there, or with --verify read it from there')
    .option('--verify <file>', 'check rows, digest and signature of this file')
    .option('--key <file>', "with --verify: public key (PEM or JWK); else the gateway's, at --url")
    .action(async (options: Options) => {
      finish(
        options.verify === undefined
          ? await withGateway(io, options, (session) => exportMonth(io, session, options))
          : await verifyFile(io, options, options.verify),
      );
    });
};

async function exportMonth(io: CliIo, session: Session, options: Options): Promise<number> {
  const format = parseFormat(options.format);
  const what = parseWhat(options.what);
  const filter = buildFilter(options);
  if (options.manifest !== undefined && (Object.keys(filter).length > 0 || what === 'mints')) {
    throw new UsageError('--manifest is about all identities of a month');
  }
  const [out, manifest] = [await targetOf(io, options.out), await targetOf(io, options.manifest)];
  // By name from here on, so that the turn of a month does not lead to another one.
  const path = `/v1/months/${encodeURIComponent(options.month)}`;
  const { data: summary } = await session.read({ path, schema: monthSummarySchema });
  const named = `/v1/months/${summary.month}`;
  const question = JSON.stringify([options.url, summary.service, summary.month, what, format, filter]);
  const sink =
    out === null ? createStreamSink(io.stdout) : await openExportFile(out, question, systemClock.now());
  if (sink.start.rows > 0) session.say(`going on after ${amountOf(sink.start.rows, 'row')}`);

  const total = totalOf(summary, options);
  const exported = await runExport(io, session, sink, {
    ...{ path: `${named}/${what}`, filter, format, total },
  });
  const { rows } = exported;
  const faults =
    manifest === null
      ? []
      : await keepManifest(session, {
          ...{ path: named, format, into: manifest },
          // A file is looked at as it lies there, also what an earlier run has written.
          measure: async (asked) =>
            out === null ? { ...exported, isWhole: true } : measureExport(out, asked),
        });
  if (faults.length > 0 && out !== null && sink.start.rows > 0) {
    session.say('what an earlier run had left does not fit any more: beginning anew');
    await rm(out);
    return exportMonth(io, session, { ...options, month: summary.month });
  }
  const isShort = rows === 0 || (total !== null && rows < total);
  const archived = isShort ? await describeArchived(session, summary.month, what) : null;
  if (archived !== null) session.say(archived);
  else if (rows === 0) session.say(describeNothing(summary, filter));
  if (archived === null && faults.length > 0) session.say(describeFaults(faults, summary, options));
  const all = archived === null ? faults : [...faults, archived];
  if (out !== null) {
    const told = { file: out, month: summary.month, service: summary.service, format, rows, faults: all };
    session.tell(told, [`${amountOf(rows, 'row')} in ${options.out}`]);
  }
  return all.length === 0 ? EXIT.ok : EXIT.failure;
}

/** Looked at before anything is asked, so that no export ends in a place that cannot take it. */
async function targetOf(io: CliIo, path: string | undefined): Promise<string | null> {
  return path === undefined ? null : resolveTarget(resolve(io.config.cwd, path));
}

function describeFaults(faults: readonly string[], { month }: MonthSummary, { manifest }: Options): string {
  return [
    `the export does NOT fit ${manifest}`,
    ...faults.map((fault) => `fault: ${fault}`),
    'An open month goes on meanwhile: run the command again. A closed one may be another by now than when it was closed:',
    `mau-guard close --month ${month} --show`,
  ].join('\n');
}

function describeNothing({ service, month, identities }: MonthSummary, filter: object): string {
  if (identities.total === 0)
    return `note: nobody was counted in ${month} (service ${service}); there are no rows`;
  const matches = Object.keys(filter).length > 0 ? ' that match' : '';
  return `note: there are no rows${matches}; ${amountOf(identities.total, 'identity was', 'identities were')} counted in ${month}`;
}

interface Run {
  path: string;
  filter: Readonly<Record<string, string>>;
  format: ExportFileFormat;
  /** Rows to come, null when a filter leaves that open. */
  total: number | null;
}

async function runExport(
  io: CliIo,
  session: Session,
  sink: ExportSink,
  { total, ...run }: Run,
): Promise<Exported> {
  const progress = showProgress(io, total, sink.start.rows);
  try {
    const exported = await exportRows(session, { ...run, onProgress: progress.show }, sink);
    await sink.finish();
    return exported;
  } catch (error) {
    await sink.leave();
    throw error;
  } finally {
    progress.end();
  }
}

function showProgress(io: CliIo, total: number | null, from: number) {
  if (total !== null && total > 0) {
    return createProgressBar(io.stderr, { label: 'exporting', total, from, now: io.elapsed });
  }
  if (io.stderr.isTTY !== true) return { show() {}, end() {} };
  const line = createProgressLine(io.stderr);
  return {
    show: (rows: number) => line.show(`exporting ${amountOf(rows, 'row')}`),
    end: line.end,
  };
}

/** How many rows there are, where one figure of the summary says so. */
function totalOf(
  { identities, mints }: MonthSummary,
  { what, class: className, signal, not }: Options,
): number | null {
  if (not !== undefined) return null;
  const only = signal?.length === 1 ? signal[0] : undefined;
  if (what === 'mints') return className === undefined ? mints.minted : null;
  if (className !== undefined) return signal === undefined ? (identities.byClass[className] ?? 0) : null;
  if (signal === undefined) return identities.total;
  return identities.bySignal[only as keyof MonthSummary['identities']['bySignal']] ?? null;
}

function parseFormat(text: string): ExportFileFormat {
  if (text === 'csv' || text === 'ndjson' || text === 'json') return text;
  throw new UsageError(`--format ${text}: must be csv, ndjson or json`);
}

function parseWhat(text: string): 'identities' | 'mints' {
  if (text === 'identities' || text === 'mints') return text;
  throw new UsageError(`--what ${text}: must be identities or mints`);
}

function buildFilter({ what, class: className, signal = [], not = [] }: Options): Record<string, string> {
  if (what === 'mints' && signal.length + not.length > 0) {
    throw new UsageError('--signal and --not are about identities');
  }
  return {
    ...(className === undefined ? {} : { class: className }),
    ...(signal.length === 0 ? {} : { signal: signal.join(',') }),
    ...(not.length === 0 ? {} : { not: not.join(',') }),
  };
}
