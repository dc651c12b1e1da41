#!/usr/bin/env node
import { writeFile } from 'node:fs/promises';
import { runProgram } from '../system/command-line.js';
import { say } from '../system/progress.js';
import { makeTemporaryFolder } from '../system/temporary-folder.js';
import { parseOptions, USAGE } from './options.js';
import { judgeOutage } from './outage-goals.js';
import { reportOutage } from './report.js';

/** @param {import('./options.js').Options} options */
async function run(options) {
  const folder = await makeTemporaryFolder();
  // Loaded when needed: it needs the built product, help does not.
  const { runOutage } = await import('./run-outage.js');
  const outage = await runOutage({ ...options, folder, say });
  const goals = judgeOutage(outage);
  process.stdout.write(reportOutage(outage, goals));
  if (options.jsonFile !== null) {
    const figures = { ...outage, known: outage.known.length, strangers: outage.strangers.length };
    await writeFile(options.jsonFile, `${JSON.stringify({ ...figures, goals }, null, 2)}\n`);
  }
  return goals.every(({ verdict }) => verdict === 'met');
}

await runProgram({ usage: USAGE, parseOptions, run });
