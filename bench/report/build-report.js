import { reportDashboard } from './dashboard-report.js';
import { reportEmbedded } from './embedded-report.js';
import { reportEvents } from './events-report.js';
import { reportExport } from './export-report.js';
import { judgeGoals, reportGoals } from './goals.js';
import { reportHttp } from './http-report.js';
import { reportLedger } from './ledger-report.js';
import { reportProcesses } from './processes-report.js';

const SECTIONS = {
  http: reportHttp,
  ledger: reportLedger,
  embedded: reportEmbedded,
  export: reportExport,
  dashboard: reportDashboard,
  events: reportEvents,
  processes: reportProcesses,
};

const SMOKE_WARNING = 'A smoke run: everything is too short and too small for its figures to mean anything.';

/**
 * @param {{ environment: Record<string, unknown>, options: import('../options.js').Options, results: object }} run
 * @returns {string} the whole report as text
 */
export function buildReport({ environment, options, results }) {
  const { rounds, seconds, people, identities } = options.sizes;
  const lines = [
    'mau-guard benchmark',
    '',
    ...Object.entries(environment).map(([name, value]) => `${name.padEnd(12)} ${value}`),
    `${'sizes'.padEnd(12)} ${rounds} rounds of ${seconds} s; ${people} logins; ${identities} identities`,
    ...(options.smoke ? ['', SMOKE_WARNING] : []),
  ];
  for (const part of options.parts) lines.push('', '', ...SECTIONS[part](results[part]));
  const goals = options.smoke ? [] : judgeGoals(results);
  if (goals.length > 0) lines.push('', '', ...reportGoals(goals));
  return `${lines.join('\n')}\n`;
}
