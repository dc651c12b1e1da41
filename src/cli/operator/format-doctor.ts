import { styleText } from 'node:util';
import type { CheckResult, DoctorReport } from '../../doctor/check.ts';
import { amountOf } from '../../domain/amount-of.ts';
import { printable } from './printable.ts';

const MARKS = { ok: '✔', warn: '!', error: '✖', skip: '-' } as const satisfies Record<
  CheckResult['status'],
  string
>;
const COLORS = { ok: 'green', warn: 'yellow', error: 'red', skip: 'dim' } as const satisfies Record<
  CheckResult['status'],
  string
>;

/** One line a check, then each problem with why it matters and what to do. The mark says it all without colour. */
export function formatDoctor({ checks }: DoctorReport, options: { color: boolean }): string[] {
  const width = Math.max(...checks.map((check) => titleOf(check).length));
  const problems = checks.filter(({ status }) => status === 'error' || status === 'warn');
  const lines = checks.map(
    (check) =>
      `${markOf(check, options)} ${titleOf(check).padEnd(width)}  ${printable(firstLine(check.detail))}`,
  );
  return [...lines, ...problems.flatMap((problem) => explain(problem, options)), '', sumUp(checks)];
}

function explain(problem: CheckResult, options: { color: boolean }): string[] {
  const [detail = '', ...further] = problem.detail.split('\n');
  return [
    '',
    `${markOf(problem, options)} ${titleOf(problem)}: ${printable(detail)}`,
    ...further.map((line) => `       ${printable(line)}`),
    `  why  ${printable(problem.why ?? '')}`,
    `  fix  ${printable(problem.fix ?? '')}`,
    `  more ${problem.docs}`,
  ];
}

/** In the list a long finding would bury the others; it stands in full below. */
const DETAIL_LENGTH_MAX = 100;

function firstLine(whole: string): string {
  const [detail = ''] = whole.split('\n');
  return detail.length > DETAIL_LENGTH_MAX ? `${detail.slice(0, DETAIL_LENGTH_MAX - 1)}…` : detail;
}

function titleOf({ name, about }: CheckResult): string {
  return about === null ? name : printable(`${name} (${about})`);
}

function markOf({ status }: CheckResult, { color }: { color: boolean }): string {
  return color ? styleText(COLORS[status], MARKS[status], { validateStream: false }) : MARKS[status];
}

function sumUp(checks: readonly CheckResult[]): string {
  const of = (status: CheckResult['status']) => checks.filter((check) => check.status === status).length;
  return `${amountOf(of('error'), 'error')}, ${amountOf(of('warn'), 'warning')}, ${of('ok')} fine, ${of('skip')} skipped`;
}
