import { resolve } from 'node:path';
import { amountOf } from '../../domain/amount-of.ts';
import type { AddCommand, CliIo } from '../cli-io.ts';
import { EXIT } from '../exit-codes.ts';
import { createStreamSink, type ExportSink } from '../operator/export-sink.ts';
import { csvNames, type JoinedUser, joinNames, ndjsonNames } from '../operator/format-names.ts';
import { listFormat, readListFile } from '../operator/list-file.ts';
import { namePeople } from '../operator/name-people.ts';
import { openWholeFile } from '../operator/open-whole-file.ts';
import { addOperatorOptions, requireReason, type WriteOptions } from '../operator/operator-options.ts';
import { parseUserList, type UserList } from '../operator/parse-user-list.ts';
import { createProgressBar } from '../operator/progress-bar.ts';
import { resolveTarget } from '../operator/resolve-target.ts';
import { type Session, withGateway } from '../operator/session.ts';
import { UsageError } from '../operator/usage-error.ts';

const EXAMPLES = `Examples:
  mau-guard identities name --users users.csv --month 2026-11 --reason "invoice of November" --out named.csv
  mau-guard identities name --users users.csv --subject-column id --issuer https://login.example.com/ --reason "support"
  mau-guard identities name --users users.ndjson --month current --reason "audit" | jq 'select(.counted)'
`;

interface Options extends WriteOptions {
  users?: string;
  month?: string;
  format?: string;
  subjectColumn: string;
  issuer?: string;
  out?: string;
}

/** `identities name`: the app's own list of users with their identities, and whether a month has counted them. */
export const addNameCommand: AddCommand = (group, io, finish) => {
  addOperatorOptions(group.command('name'))
    .description('say which identities the users of a list have, and which of them a month has counted')
    .addHelpText('before', EXAMPLES)
    .option(
      '--users <file>',
      'CSV with a header, or NDJSON: subject, and issuer and class where known; needed',
    )
    .option('--month <month>', 'YYYY-MM or current: say also whether the month has them')
    .option('--reason <text>', 'why, for the audit log; needed')
    .option('--format <format>', 'csv or ndjson; by the name of the file unless told')
    .option('--subject-column <name>', 'which column holds the subject', 'subject')
    .option('--issuer <issuer>', 'the authority of users whose line names none')
    .option('--out <file>', 'write there')
    .action(async (options: Options) => {
      finish(await withGateway(io, options, (session) => nameUsers(io, session, options)));
    });
};

async function nameUsers(io: CliIo, session: Session, options: Options): Promise<number> {
  const { users: file, month = null, subjectColumn, issuer = null } = options;
  if (file === undefined) throw new UsageError('say whom with --users, such as --users users.csv');
  const reason = requireReason(options);
  const format = listFormat(file, options.format);
  const list = parseUserList(readListFile(io, file), { format, subjectColumn, issuer });
  const out = options.out === undefined ? null : await resolveTarget(resolve(io.config.cwd, options.out));
  const sink = out === null ? createStreamSink(io.stdout) : await openWholeFile(out);
  const isDocument = options.json === true && out === null;
  const { answer, joined, counted } = await joinAll(io, session, list, sink, {
    ...{ reason, month, format, isDocument },
  });
  const { service } = answer;
  const about = { service, month: answer.month, rows: list.users.length };
  if (isDocument) session.tell({ ...about, items: joined.map(joinNames) }, []);
  else if (out !== null)
    session.tell({ file: out, format, ...about }, [`${amountOf(about.rows, 'user')} in ${options.out}`]);
  if (answer.month !== null) {
    session.say(`${answer.month} has counted ${tell(counted)} of ${amountOf(about.rows, 'user')}`);
  }
  return EXIT.ok;
}

interface Run {
  reason: string;
  month: string | null;
  format: 'csv' | 'ndjson';
  /** Whether rows are gathered for one JSON document instead of being written. */
  isDocument: boolean;
}

async function joinAll(
  io: CliIo,
  session: Session,
  { users, columns }: UserList,
  sink: ExportSink,
  run: Run,
) {
  const progress = createProgressBar(io.stderr, {
    ...{ label: 'naming', total: Math.max(1, users.length), now: io.elapsed },
  });
  const names = run.format === 'csv' ? csvNames(columns, run.month !== null) : ndjsonNames;
  const joined: JoinedUser[] = [];
  const counted = new Set<number>();
  let answer = null;
  try {
    const parts = namePeople(session, { ...run, users, onProgress: progress.show });
    for await (const part of parts) {
      for (const { user, row } of part.rows) if (row.counted) counted.add(user.line);
      const text = `${answer === null ? names.head : ''}${part.rows.map(names.line).join('')}`;
      if (run.isDocument) joined.push(...part.rows);
      else await sink.write(text, { cursor: null, rows: 0 });
      ({ answer } = part);
    }
    await sink.finish();
  } catch (error) {
    await sink.leave();
    throw error;
  } finally {
    progress.end();
  }
  if (answer === null) throw new Error('a list has at least one part');
  return { answer, joined, counted: counted.size };
}

function tell(count: number): string {
  return count.toLocaleString('en-US');
}
