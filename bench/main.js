#!/usr/bin/env node
import { writeFile } from 'node:fs/promises';
import { parseOptions, USAGE } from './options.js';
import { buildReport } from './report/build-report.js';
import { judgeGoals } from './report/goals.js';
import { runProgram } from './system/command-line.js';
import { describeEnvironment } from './system/environment.js';
import { choosePlacement } from './system/pinning.js';
import { makeTemporaryFolder } from './system/temporary-folder.js';

/** Loaded when needed: a part needs the built product, help does not. */
const PARTS = {
  http: async (context) => (await import('./http/http-part.js')).runHttpPart(context),
  ledger: async (context) => (await import('./ledger/ledger-part.js')).runLedgerPart(context),
  embedded: async (context) => (await import('./embedded/embedded-part.js')).runEmbeddedPart(context),
  export: async (context) => (await import('./export/export-part.js')).runExportPart(context),
  dashboard: async (context) => (await import('./dashboard/dashboard-part.js')).runDashboardPart(context),
  processes: async (context) => (await import('./processes/processes-part.js')).runProcessesPart(context),
  events: async (context) => (await import('./events/events-part.js')).runEventsPart(context),
};

/**
 * Runs the parts and prints their figures. Fails when any answer was another one than it should have been; a missed
 * goal is a figure, not a failure.
 *
 * @param {import('./options.js').Options} options
 */
async function run(options) {
  const placement = choosePlacement();
  const folder = await makeTemporaryFolder();
  const environment = await describeEnvironment(placement, folder);
  const results = {};
  for (const part of options.parts) {
    results[part] = await PARTS[part]({ ...options, placement, folder });
  }
  process.stdout.write(buildReport({ environment, options, results }));
  if (options.jsonFile === null) return true;
  const goals = options.smoke ? [] : judgeGoals(results);
  await writeFile(options.jsonFile, `${JSON.stringify({ environment, options, results, goals }, null, 2)}\n`);
  return true;
}

await runProgram({ usage: USAGE, parseOptions, run });
